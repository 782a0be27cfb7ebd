import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

/** The frame of a view: its one first heading, which is the window's title too. */
export function Page({
  title,
  heading,
  aside,
  children,
}: {
  title: string
  /** What stands in the heading. @default the title */
  heading?: ComponentChildren
  /** Beside the heading: what holds for the whole view. */
  aside?: ComponentChildren
  children: ComponentChildren
}) {
  useEffect(() => {
    document.title = `${title} · Console`
  }, [title])
  return (
    <div class="page">
      <header class="page-head">
        {/* The focus comes here after a navigation, so that a screen reader reads where one is. */}
        <h1 id="page-heading" class="clamped" tabIndex={-1}>
          {heading ?? title}
        </h1>
        {aside !== undefined && <div class="page-aside">{aside}</div>}
      </header>
      {children}
    </div>
  )
}
