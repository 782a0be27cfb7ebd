import { safeHref } from './safe-href.js'

/** A logged address: a link where it may be opened, else its text. */
export function SafeLink({ url }: { url: string }) {
  const href = safeHref(url)
  if (href === undefined) return <span class="wrap">{url}</span>
  return (
    <a class="wrap" href={href} rel="noreferrer noopener" target="_blank">
      {url}
    </a>
  )
}
