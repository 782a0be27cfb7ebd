import type { TextKey } from './text-key.js'
import type { TextScanner } from './text-scanner.js'

/*
 * What stands after a sensitive word and a colon and is no secret: a place in a program, a scope, a count of tests.
 */

const SOURCE_FILE =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kts?|php|c|cc|cpp|cxx|h|hpp|m|mm|cs|fs|vb|swift|vue|svelte|astro|exs?|erl|scala|clj[cs]?|lua|p[lm]|sh|sql|dart|coffee|wasm|json|ya?ml|html?|css|tsbuildinfo|node|map)$/i
const LINE = /\d{1,7}(?![\w.%+/@=-])/y
const LINE_AND_COLUMN = /\d{1,7}:\d{1,7}(?![\w.%+/@=-])/y
const FRAME_BEFORE = /(?:^|[\r\n])[ \t]*at [^\r\n]*$|[/\\@][^\s/\\@]*$/
const SCOPE = new RegExp(
  '(?:read|write|delete|create|update|admin|manage|list|all|view|edit|read-?only|read-?write|revoke|rotate|use|execute|public|full' +
    '|own|self|any|introspect|exchange|issue|impersonate|login|logout|signup|start|end|destroy|destroyed|expired?|refresh|refreshed' +
    '|created|updated|deleted|revoked|rotated|failed|success|error|changed?|reset|verify|verified|invalid|missing|touch|open|close' +
    '|closed|get|set|clear|cleared|test|build|dev|latest|\\*)(?![\\w%+/@=-])',
  'y',
)
const PARSER_TOKEN =
  /(?:[^\w\s'"`]{1,3}|(?:punc|keyword|operator|name|eof|string|num|regexp|atom|template) \([^\r\n)]{0,20}\){1,2}|(?:EOF|EOS|end of (?:file|input|json)))[ \t]*(?=[\r\n,;]|$)/iy
const COUNT = /\d{1,7}(?![\w.%+/@-])/y
const TEST_COUNTS =
  /\b(?:fail(?:ed|ures?|ing)?|skip(?:ped)?|todo|tests?|suites?|total|warn(?:ings?)?|errors?|cancelled|flaky)\b/i

/** Whether what follows a sensitive word and a separator is known to be none of its values. */
export function isReadable(
  scan: TextScanner,
  index: number,
  key: TextKey,
  valueStart: number,
): boolean {
  const { text } = scan
  const isTight = valueStart === index + 1
  if (text.charAt(index) === ':' && isTight && key.quote === '') {
    if (isLocation(scan, index, key)) return true
    if (scan.endOf(SCOPE, valueStart) > valueStart) return true
  }
  if (key.previous === 'Unexpected' || key.previous === 'unexpected')
    return scan.endOf(PARSER_TOKEN, valueStart) > valueStart
  return isCount(scan, index, key, valueStart)
}

/** `src/auth.mjs:12:3`, `token.py:4`, `at async login (/srv/auth:12:3)`. */
function isLocation(scan: TextScanner, index: number, key: TextKey): boolean {
  if (SOURCE_FILE.test(key.name) && scan.endOf(LINE, index + 1) > index + 1) return true
  if (scan.endOf(LINE_AND_COLUMN, index + 1) === index + 1) return false
  return (
    SOURCE_FILE.test(key.name) ||
    FRAME_BEFORE.test(scan.text.slice(Math.max(0, index - 256), index))
  )
}

/** `tokens: 1500`, `pass: 10, fail: 2`. */
function isCount(scan: TextScanner, index: number, key: TextKey, valueStart: number): boolean {
  if (key.quote !== '') return false
  const name = key.name.toLowerCase()
  if (name !== 'pass' && !name.endsWith('tokens')) return false
  const end = scan.endOf(COUNT, valueStart)
  if (end === valueStart) return false
  if (name !== 'pass') return true
  const around = scan.text.slice(Math.max(0, index - 64), index) + scan.text.slice(end, end + 64)
  scan.charge(128)
  return TEST_COUNTS.test(around)
}
