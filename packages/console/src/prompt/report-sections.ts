import { type FoundRecord, fieldAt, listAt, numberAt, textAt } from '@fastify-scs/core/kit'
import { type FenceLimits, fenced, linesOf, type PromptSection } from './fence.js'

type Data = FoundRecord['data']

const SHORT: FenceLimits = { maxLines: 12, maxChars: 2_000 }
const MESSAGES: FenceLimits = { maxLines: 60, maxChars: 5_000 }
const TRACE: FenceLimits = { maxLines: 30, maxChars: 4_000 }
const CODE: FenceLimits = { maxLines: 90, maxChars: 6_000, maxLineChars: 200 }
const REQUEST: FenceLimits = { maxLines: 20, maxChars: 4_000, maxLineChars: 2_000 }
/** Causes that are told. */
const MAX_CAUSES = 6

const KINDS: Readonly<Record<string, string>> = {
  fatal: 'A crash: a request failed with an error that nothing in the service expected.',
  'non-fatal': 'An error that the service has caught and reported; it went on running.',
  slow: 'A call that took longer than its limit.',
  stuck: 'A call that had not ended when its limit was over.',
  blocked:
    'The event loop was blocked: one piece of synchronous code kept all requests of the process waiting.',
}

/** Says what the service is. */
export function serviceSection(report: FoundRecord, data: Data): PromptSection {
  const server = fieldAt(data, 'server')
  const facts = named([
    ['service', textAt(server, 'api_name') ?? report.keys.service],
    ['release', textAt(server, 'api_version') ?? report.keys.release],
    ['commit', textAt(server, 'commit')],
    ['environment', textAt(server, 'environment')],
    ['Node.js', textAt(server, 'node_version')],
    ['report id', report.id],
  ])
  const uptime = numberAt(server, 'uptime_seconds')
  return {
    title: 'The service',
    lines: [
      `Recorded at ${new Date(report.createdAt).toISOString()}${uptime === null ? '' : `, ${Math.round(uptime)} s after the process had started`}. It is a Fastify service on Node.js.`,
      ...fenced(facts, SHORT),
    ],
  }
}

/** Says what broke: the kind, the title, the error and its causes. */
export function brokenSection(data: Data): PromptSection {
  const kind = textAt(data, 'kind') ?? ''
  const thrown = fieldAt(data, 'error_caught')
  const details = fieldAt(data, 'data')
  const limits = named([
    ['limit in ms', numberAt(details, 'limitMs')],
    ['took ms', numberAt(details, 'durationMs') ?? numberAt(details, 'blockedMs')],
    ['phase that it was in', textAt(details, 'phase')],
  ])
  const error = named([
    ['name', textAt(thrown, 'name')],
    ['code', textAt(thrown, 'code')],
    ['message', textAt(thrown, 'message')],
  ])
  const causes = listAt(data, 'causes')
    .slice(0, MAX_CAUSES)
    .flatMap((cause, index) =>
      named([
        [`cause ${index + 1}`, textAt(cause, 'name')],
        ['  code', textAt(cause, 'code')],
        ['  message', textAt(cause, 'message')],
        ['  at', firstFrame(listAt(cause, 'trace'))],
      ]),
    )
  const title = named([['title', textAt(data, 'title')]])
  return {
    title: 'What broke',
    lines: [
      ...(KINDS[kind] === undefined ? [] : [KINDS[kind]]),
      ...fenced([...title, ...limits, ...error, ...causes], MESSAGES),
    ],
  }
}

/** Says where: the stack trace and the lines of code that it leads through. */
export function placeSection(data: Data): PromptSection {
  const trace = texts(listAt(data, 'trace'))
  const stack = texts(listAt(data, 'stack'))
  const frames = trace.length > 0 ? trace : stack
  const places = listAt(data, 'code').flatMap(codeLines)
  const codeNote =
    places.length > 0
      ? [
          'The code there, as it was when it ran; ">" is before the line that the frame points at:',
          ...fenced(places, CODE),
        ]
      : ['No lines of code were recorded.']
  return {
    title: 'Where',
    lines: frames.length === 0 ? [] : ['The stack:', ...fenced(frames, TRACE), ...codeNote],
  }
}

/** Says what was asked, and what was answered. */
export function requestSection(data: Data): PromptSection {
  const request = fieldAt(data, 'request')
  const details = fieldAt(data, 'data')
  const status = numberAt(fieldAt(data, 'response'), 'status') ?? numberAt(details, 'status')
  const facts = named([
    ['route', textAt(request, 'route') ?? textAt(details, 'route')],
    ['method', textAt(request, 'method') ?? textAt(details, 'method')],
    ['url', textAt(request, 'url') ?? textAt(details, 'url')],
    ['params', jsonOf(fieldAt(request, 'params'))],
    ['query', jsonOf(fieldAt(request, 'query'))],
    ['body', jsonOf(fieldAt(request, 'body'))],
    ['content-type', textAt(fieldAt(request, 'headers'), 'content-type')],
  ])
  if (facts.length === 0) return { title: 'The request', lines: [] }
  const answer = status === null ? [] : [`It was answered with the status ${status}.`]
  return { title: 'The request', lines: [...answer, ...fenced(facts, REQUEST)] }
}

/** `name: value` for each value that is there. */
function named(
  pairs: readonly (readonly [string, string | number | null | undefined])[],
): string[] {
  return pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${value}`)
}

function codeLines(code: unknown): string[] {
  const line = numberAt(code, 'line')
  const first = numberAt(code, 'first_line') ?? 1
  const lines = texts(listAt(code, 'lines'))
  return [
    `${textAt(code, 'file') ?? ''}:${line ?? ''}`,
    ...lines.map((text, index) => {
      const number = first + index
      return `${number === line ? '>' : ' '} ${String(number).padStart(5)}  ${text}`
    }),
  ]
}

function firstFrame(trace: readonly unknown[]): string | null {
  return (
    texts(trace)
      .find((line) => /^\s*at /.test(line))
      ?.trim() ?? null
  )
}

/** The lines of a list of texts, each of which may have several. */
function texts(list: readonly unknown[]): string[] {
  return list.filter((each) => typeof each === 'string').flatMap(linesOf)
}

function jsonOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const json = typeof value === 'string' ? value : JSON.stringify(value)
  return json === '{}' ? null : json
}
