import type { ComponentChildren } from 'preact'

/** There is nothing to show; says why, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="empty-next">{children}</div>}
    </div>
  )
}
