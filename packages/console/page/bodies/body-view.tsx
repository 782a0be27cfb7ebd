import { useState } from 'preact/hooks'
import { CodeBlock } from '../components/code-block.js'
import { JsonView } from '../components/json-view.js'
import { bytesText } from '../components/number-text.js'
import { bodyShape } from './body-shape.js'

/** Names and values that are shown at first. */
const FIRST_PAIRS = 40

/** A recorded body by its type. Whatever was logged is only ever text. */
export function BodyView({
  body,
  headers,
  label,
  none = 'No body',
}: {
  body: unknown
  /** Of the same message: its content type says how the body is shown. */
  headers: unknown
  label: string
  /** What is said where there is none. */
  none?: string
}) {
  const shape = bodyShape(body, headers)
  switch (shape.as) {
    case 'none':
      return <p class="muted">{none}</p>
    case 'json':
      return <JsonView value={shape.value} label={label} />
    case 'form':
      return <Pairs pairs={shape.fields} label={label} />
    case 'text':
      return <CodeBlock text={shape.text} label={label} />
    case 'binary':
      return (
        <p>
          {bytesText(shape.bytes)} of {shape.type ?? 'a body'}{' '}
          <span class="muted">that were not kept</span>
        </p>
      )
  }
}

/** Names and values in two columns: a form, headers. */
export function Pairs({
  pairs,
  label,
}: {
  pairs: readonly (readonly [string, string])[]
  label: string
}) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? pairs : pairs.slice(0, FIRST_PAIRS)
  return (
    <>
      <table class="named">
        <caption class="hidden">{label}</caption>
        <tbody>
          {shown.map(([name, value], index) => (
            <tr key={index}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < pairs.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show {pairs.length - shown.length} more
        </button>
      )}
    </>
  )
}

/** Recorded headers, each value on its own. */
export function HeadersView({ headers, label }: { headers: unknown; label: string }) {
  const pairs = headerPairs(headers)
  if (pairs.length === 0) return <p class="muted">No headers were recorded</p>
  return <Pairs pairs={pairs} label={label} />
}

function headerPairs(headers: unknown): readonly (readonly [string, string])[] {
  if (typeof headers !== 'object' || headers === null) return []
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as const),
  )
}
