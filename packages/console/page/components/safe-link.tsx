import { safeHref } from './safe-href.js'

/** An address that does not fit into a column, in characters. */
const LONG_CHARS = 36

/** A logged address: a link where it may be opened, else its text. */
export function SafeLink({ url }: { url: string }) {
  const href = safeHref(url)
  // A long one gets a line of its own among facts.
  const look = url.length > LONG_CHARS ? 'wrap long' : 'wrap'
  if (href === undefined) return <span class={look}>{url}</span>
  return (
    <a class={look} href={href} rel="noreferrer noopener" target="_blank">
      {url}
    </a>
  )
}
