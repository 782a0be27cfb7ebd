// All characters except the quote, the backslash and control characters (C0).
const CONTENT = /[ !#-[\]-\uFFFF]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const SPACE = /[ \t\r\n]*/y

/**
 * Whether a text is a JSON document. For malformed text this is faster than JSON.parse, whose exception takes as long as parsing
 * a kilobyte; for well-formed text it is slower. So use it where many texts are malformed.
 */
export function isJson(text: string): boolean {
  const open: ('}' | ']')[] = []
  let at = endOf(SPACE, text, 0)
  for (;;) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') {
      const closer = char === '{' ? '}' : ']'
      at = endOf(SPACE, text, at + 1)
      if (text.charAt(at) !== closer) {
        open.push(closer)
        at = closer === '}' ? keyEnd(text, at) : at
        if (at === -1) return false
        continue
      }
      at += 1
    } else {
      at = char === '"' ? checkedStringEnd(text, at) : scalarEnd(text, at)
      if (at === -1) return false
    }
    at = afterValue(text, at, open)
    if (at === -1) return false
    if (open.length === 0) return at === text.length
  }
}

/** The index of the next value, or the end of the document when no bracket is open; -1 when the text is malformed. */
function afterValue(text: string, start: number, open: ('}' | ']')[]): number {
  let at = endOf(SPACE, text, start)
  while (open.length > 0 && text.charAt(at) === open.at(-1)) {
    open.pop()
    at = endOf(SPACE, text, at + 1)
  }
  if (open.length === 0) return at
  if (text.charAt(at) !== ',') return -1
  at = endOf(SPACE, text, at + 1)
  return open.at(-1) === '}' ? keyEnd(text, at) : at
}

/** The index of the value after the key at an index; -1 when the text is malformed. */
function keyEnd(text: string, start: number): number {
  if (text.charAt(start) !== '"') return -1
  const end = checkedStringEnd(text, start)
  if (end === -1) return -1
  const colon = endOf(SPACE, text, end)
  return text.charAt(colon) === ':' ? endOf(SPACE, text, colon + 1) : -1
}

function checkedStringEnd(text: string, start: number): number {
  let at = endOf(CONTENT, text, start + 1)
  while (text.charAt(at) === '\\') {
    const end = endOf(ESCAPE, text, at)
    if (end === at) return -1
    at = endOf(CONTENT, text, end)
  }
  return text.charAt(at) === '"' ? at + 1 : -1
}

function scalarEnd(text: string, start: number): number {
  const end = endOf(SCALAR, text, start)
  return end === start ? -1 : end
}

const BACKSLASH = 92

/** The index after the JSON string whose opening quote is at an index; -1 when it has no end. */
export function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
  return -1
}

/** The end of the match of a sticky pattern at an index; the index itself when it does not match. */
export function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  pattern.test(text)
  return Math.max(pattern.lastIndex, from)
}
