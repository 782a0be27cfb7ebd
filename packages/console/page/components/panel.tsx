import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  aside,
  children,
  isFlush = false,
}: {
  title: string
  /** Beside the heading: a link, a count. */
  aside?: ComponentChildren
  children: ComponentChildren
  /** Without room at its sides, for a table that reaches to them. */
  isFlush?: boolean
}) {
  const id = useId()
  return (
    <section class={isFlush ? 'panel panel-flush' : 'panel'} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div class="panel-aside">{aside}</div>}
      </header>
      <div class="panel-body">{children}</div>
    </section>
  )
}

/** Names and values, two columns where there is room. */
export function Facts({
  rows,
}: {
  rows: readonly (readonly [name: string, value: ComponentChildren])[]
}) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? <span class="muted">–</span>}</dd>
        </div>
      ))}
    </dl>
  )
}
