import type { ComponentChildren } from 'preact'
import { BodyView, HeadersView, Pairs } from '../bodies/body-view.js'
import { Panel } from '../components/panel.js'
import { type Fields, fieldsOf, isEmpty, textOf } from '../records/fields.js'

/** The request as it was sent, redacted. */
export function RequestPanel({ request }: { request: Fields }) {
  const line = [textOf(request.method), textOf(request.url) ?? textOf(request.path)]
  return (
    <Panel title="Request">
      <div class="stack">
        <p class="mono wrap">{line.filter((part) => part !== undefined).join(' ')}</p>
        <Part title="Query" value={request.query}>
          <Pairs pairs={pairsOf(request.query)} label="Query" />
        </Part>
        <Part title="Parameters" value={request.params}>
          <Pairs pairs={pairsOf(request.params)} label="Parameters" />
        </Part>
        <Part title="Body" value={request.body}>
          <BodyView body={request.body} headers={request.headers} label="Request body" />
        </Part>
        <Part title="Headers" value={request.headers}>
          <HeadersView headers={request.headers} label="Request headers" />
        </Part>
      </div>
    </Panel>
  )
}

function Part({
  title,
  value,
  children,
}: {
  title: string
  value: unknown
  children: ComponentChildren
}) {
  if (isEmpty(value)) return null
  return (
    <div class="part">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

function pairsOf(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(fieldsOf(value) ?? {}).map(([name, each]) => [
    name,
    typeof each === 'string' ? each : JSON.stringify(each),
  ])
}
