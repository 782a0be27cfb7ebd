import type { ClientError } from './client-errors.js'

/** Writes the errors that clients can get as a Markdown page, one section for each. */
export function markdownOfErrors(errors: readonly ClientError[], title = 'Errors'): string {
  return `${[`# ${escaped(title)}`, ...errors.map(section)].join('\n\n')}\n`
}

function section({ code, id, message, details, routes }: ClientError): string {
  const parts = [`## ${escaped(id)}`, `Status ${code}. ${escaped(message)}`]
  if (routes.length > 0) {
    const lines = routes.map(({ method, url }) => `- ${codeSpan(`${method} ${url}`)}`)
    parts.push('Routes that answer with it:', lines.join('\n'))
  }
  if (details !== undefined) {
    // A text of the schema could hold three backquotes; JSON may write them as escapes.
    const json = JSON.stringify(details, undefined, 2).replaceAll('`', '\\u0060')
    parts.push('Its details, as JSON Schema:', `\`\`\`json\n${json}\n\`\`\``)
  }
  return parts.join('\n\n')
}

/** A text in which no character means anything to Markdown or HTML. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, (mark) => {
    return /[.,:;'"%/?=@$]/.test(mark) || mark === '-' ? mark : `\\${mark}`
  })
}

function codeSpan(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``
}
