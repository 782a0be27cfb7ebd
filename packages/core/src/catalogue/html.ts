import { createHash } from 'node:crypto'
import type { ClientError } from './client-errors.js'

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto;padding:1rem;border:1px solid}'

/** The headers of a page: nothing but its own style is loaded or run. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
}

/** Writes the errors that clients can get as a page. */
export function htmlOfErrors(errors: readonly ClientError[], title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${errors.map(section).join('\n')}
</body>
</html>
`
}

function section({ code, id, message, details, routes, type }: ClientError): string {
  const lines = [
    `<h2><a href="${escaped(type)}">${escaped(id)}</a></h2>`,
    `<p>Status ${code}. ${escaped(message)}</p>`,
  ]
  if (routes.length > 0) {
    const items = routes.map(
      ({ method, url }) => `<li><code>${escaped(`${method} ${url}`)}</code></li>`,
    )
    lines.push('<p>Routes that answer with it:</p>', `<ul>${items.join('')}</ul>`)
  }
  if (details !== undefined) {
    const json = JSON.stringify(details, undefined, 2)
    lines.push('<p>Its details, as JSON Schema:</p>', `<pre>${escaped(json)}</pre>`)
  }
  return lines.join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)
}
