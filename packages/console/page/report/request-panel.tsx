import type { ComponentChildren } from 'preact'
import { bodyShape } from '../bodies/body-shape.js'
import { CodeBlock } from '../components/code-block.js'
import { JsonView } from '../components/json-view.js'
import { bytesText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { type Fields, fieldsOf, isEmpty, textOf } from './report-data.js'

/** The request as it was sent, redacted. */
export function RequestPanel({ request }: { request: Fields }) {
  const line = [textOf(request.method), textOf(request.url) ?? textOf(request.path)]
  return (
    <Panel title="Request">
      <div class="stack">
        <p class="mono wrap">{line.filter((part) => part !== undefined).join(' ')}</p>
        <Part title="Query" value={request.query}>
          <Pairs fields={fieldsOf(request.query) ?? {}} />
        </Part>
        <Part title="Parameters" value={request.params}>
          <Pairs fields={fieldsOf(request.params) ?? {}} />
        </Part>
        <Part title="Body" value={request.body}>
          <Body body={request.body} headers={request.headers} />
        </Part>
        <Part title="Headers" value={request.headers}>
          <Pairs fields={fieldsOf(request.headers) ?? {}} />
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

/** Named values, a line each. */
export function Pairs({ fields }: { fields: Fields }) {
  return (
    <dl class="pairs">
      {Object.entries(fields).map(([name, value]) => (
        <div key={name}>
          <dt class="wrap">{name}</dt>
          <dd class="wrap">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Body({ body, headers }: { body: unknown; headers: unknown }) {
  const shape = bodyShape(body, headers)
  if (shape.as === 'json') return <JsonView value={shape.value} label="Body of the request" />
  if (shape.as === 'form') return <Pairs fields={Object.fromEntries(shape.fields)} />
  if (shape.as === 'text') return <CodeBlock text={shape.text} label="Body of the request" />
  if (shape.as === 'none') return null
  return (
    <p class="muted">
      {shape.type ?? 'Not kept'}, {bytesText(shape.bytes)}
    </p>
  )
}
