import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import { bytesText } from '../components/number-text.js'
import { Facts, Panel } from '../components/panel.js'
import { durationText } from '../components/time-text.js'
import { type Fields, fieldsOf, textOf } from '../records/fields.js'
import { paths } from '../shell/paths.js'

/** Who made the request. */
export function UserPanel({ user }: { user: Fields }) {
  const id = user.id === null || user.id === undefined ? undefined : String(user.id)
  return (
    <Panel title="User">
      <Facts
        rows={[
          ['Id', id === undefined ? 'not signed in' : <Link href={paths.user(id)}>{id}</Link>],
          ...optional('Name', user.name),
          ...optional('E-mail', user.email),
          ...optional('Language', user.language),
          ...optional('Address', user.ip),
          ...optional('Forwarded for', user.forwarded_ip),
          ...optional('Client', user.user_agent),
        ]}
      />
    </Panel>
  )
}

/** What the client was answered. */
export function ResponsePanel({ response }: { response: Fields }) {
  return (
    <Panel title="Answer">
      <Facts
        rows={[
          ...optional('Status', response.status),
          ...optional('Code', response.error_code),
          ...optional('Description', response.error_description),
          ...optional('Told the user', response.user_message),
          ...(response.interrupted === true ? [['Cut off', 'the answer had begun'] as const] : []),
        ]}
      />
    </Panel>
  )
}

/** The service that reported. */
export function ServerPanel({ server }: { server: Fields }) {
  const memory = fieldsOf(server.memory)
  const delay = fieldsOf(server.event_loop_delay)
  return (
    <Panel title="Server">
      <Facts
        rows={[
          ...optional('Service', server.api_name),
          ...optional('Release', server.api_version),
          ...commitRow(server.commit),
          ...optional('Environment', server.environment),
          ...optional('Host', hostOf(server)),
          ...optional('Node.js', server.node_version),
          ...optional('Process', server.pid),
          ...(typeof server.uptime_seconds === 'number'
            ? [['Running for', durationText(server.uptime_seconds * 1_000)] as const]
            : []),
          ...(typeof memory?.rss === 'number'
            ? [['Memory', `${bytesText(memory.rss)} in all`] as const]
            : []),
          ...(typeof delay?.p99 === 'number'
            ? [['Event loop delay', `${durationText(delay.p99)} (99th percentile)`] as const]
            : []),
        ]}
      />
    </Panel>
  )
}

/** A commit by the digits that people write; all of them are a hover away. */
function commitRow(commit: unknown): readonly (readonly [string, ComponentChildren])[] {
  const text = textOf(commit)
  if (text === undefined) return []
  const short = /^[0-9a-f]{40,}$/.test(text) ? text.slice(0, 12) : text
  return [
    [
      'Commit',
      <span class="mono wrap" title={text}>
        {short}
      </span>,
    ],
  ]
}

function hostOf({ fqdn, port }: Fields): string | undefined {
  const host = textOf(fqdn)
  return host === undefined || typeof port !== 'number' ? host : `${host}:${port}`
}

function optional(name: string, value: unknown): readonly (readonly [string, string])[] {
  return value === null || value === undefined || value === '' ? [] : [[name, String(value)]]
}
