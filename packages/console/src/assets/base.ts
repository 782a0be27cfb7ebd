/**
 * What the page's relative addresses start from, for `<base href>`: relative to the page's own address, so that it holds behind a
 * proxy that takes a part of the path away, too.
 *
 * @param base the path of the console, without a slash at its end
 * @param path the path that was asked for, which is the console's or below it
 */
export function baseHref(base: string, path: string): string {
  const depth = slashesOf(path) - slashesOf(base) - 1
  // Without a slash at its end, the console's own name is the last part of the address.
  if (depth < 0) return `${base.slice(base.lastIndexOf('/') + 1)}/`
  return depth === 0 ? './' : '../'.repeat(depth)
}

/** The page with its base. */
export function withBase(html: string, href: string): string {
  return html.replace('<head>', `<head>\n    <base href="${href}" />`)
}

function slashesOf(path: string): number {
  return path.split('/').length - 1
}
