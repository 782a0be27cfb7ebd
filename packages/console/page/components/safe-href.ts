/** The address that a logged text names, if it is one that may be opened: only http and https. */
export function safeHref(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined
  try {
    const { protocol, href } = new URL(text)
    return protocol === 'http:' || protocol === 'https:' ? href : undefined
  } catch {
    // Not an address.
    return undefined
  }
}
