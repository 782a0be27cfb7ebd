// Where a literal or a comment that begins at an index ends. Each looks at a character once; one that does not end takes the rest.

const BACKSLASH = 0x5c

/** The end of a text in quotes; a doubled quote stands for itself. */
export function quotedEnd(sql: string, start: number, quote: string, backslashes: boolean): number {
  const code = quote.charCodeAt(0)
  let at = start + 1
  while (at < sql.length) {
    const char = sql.charCodeAt(at)
    if (char === BACKSLASH && backslashes) at += 2
    else if (char !== code) at += 1
    else if (sql.charCodeAt(at + 1) === code) at += 2
    else return at + 1
  }
  return sql.length
}

/** Whether such a text, which was read up to its end, has its closing quote. */
export function isClosed(text: string, quote: string): boolean {
  const inner = text.slice(1).split(quote).length - 1
  return inner % 2 === 1 && text.endsWith(quote)
}

const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

/** The end of `$tag$text$tag$`; undefined where no tag begins. */
export function dollarQuotedEnd(sql: string, start: number): number | undefined {
  DOLLAR_TAG.lastIndex = start
  const tag = DOLLAR_TAG.exec(sql)?.[0]
  return tag === undefined ? undefined : endBehind(sql, tag, start + tag.length)
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '<': '>', '(': ')' }

/** The end of Oracle's `'[text]'`, whose `q` is before it. */
export function oracleQuotedEnd(sql: string, quoteAt: number): number {
  const open = sql.charAt(quoteAt + 1)
  return endBehind(sql, `${CLOSING[open] ?? open}'`, quoteAt + 2)
}

/** The end of a comment of one line, before its line break. */
export function lineEnd(sql: string, start: number): number {
  const end = sql.indexOf('\n', start)
  return end === -1 ? sql.length : end
}

const COMMENT_MARK = /\/\*|\*\//g

/** The end of a comment that begins with a slash and an asterisk. */
export function commentEnd(sql: string, start: number, isNested: boolean): number {
  if (!isNested) return endBehind(sql, '*/', start + 2)
  let depth = 1
  COMMENT_MARK.lastIndex = start + 2
  for (let mark = COMMENT_MARK.exec(sql); mark !== null; mark = COMMENT_MARK.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.index + 2
  }
  return sql.length
}

function endBehind(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from)
  return at === -1 ? sql.length : at + mark.length
}
