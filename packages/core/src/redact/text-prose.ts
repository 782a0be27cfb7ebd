import type { TextKey } from './text-key.js'
import type { TextScanner } from './text-scanner.js'

/*
 * `session: not found` and `password: is too short` are sentences about a secret, not secrets. They are recognised by closed lists
 * of words, because a passphrase consists of words too.
 */

/** Words that state something. Each such sentence has one of them. */
const PREDICATES = words(`
  is isn't was wasn't are aren't were be been being has hasn't have haven't had does doesn't do don't did didn't must mustn't
  should shouldn't can can't cannot could couldn't may might will won't would needs need not no too invalid expired
  missing required wrong incorrect empty unknown undefined none failed failure fails fail failing rejected denied refused
  revoked malformed mismatch mismatched unsupported unavailable unauthorized forbidden disabled enabled locked blank absent
  optional deprecated changed unchanged updated deleted removed created destroyed closed opened started stopped ended
  active inactive pending ok okay valid verified unverified confirmed accepted expires expiring timeout exceeded
  expected received allowed forgotten reset unset skipped ignored omitted hidden masked found lost unable contains contain
  match matches include includes exceed exceeds end ends start starts hashed encrypted set issued refreshed rotated
`)

/** Articles, prepositions, conjunctions and the like. */
const JOINING = words(`
  a an the of for in on at by to from with without and or but if as than then that this it its they there when while
  after before during because due since until within only also already still yet again once more less most least other
  another any all both each either neither own same so such just via per your my our
`)

/** Words that occur in messages about secrets. */
const THINGS = words(`
  user users login logout header headers request requests response value values field fields string strings number
  numbers character characters char chars letter letters digit digits symbol symbols length size long short small large
  big weak strong similar common used use using new old current previous first last one two name names email account
  accounts server client database connection store cookie cookies token tokens key keys password passwords passphrase
  pin secret secrets session sessions signature credential credentials auth authentication authorization authenticated
  input data type types format pattern parameter parameters property properties schema option options body query path
  error errors exception attempt attempts minute minutes second seconds hour hours day days days time date ago
  upper lower case uppercase lowercase special minimum maximum min max between following required provided given
  verification check policy rule rules confirmation id identifier file line method scheme grant scope
`)

/** Other words with which such a sentence begins. A passphrase may begin with any word. */
const BEGINNINGS = words('it the this that your a an')

const WORD = /[^\s,;.!?()[\]{}"'`<>:=]*(?:'[a-z]{1,2}\b)?/y
const GAP = /[ \t\u00a0,()[\]"'`<>=]*/y
const MAX_WORDS = 16

/**
 * Whether the text after a key is a sentence about it and not its value. For a key that may hold a passphrase every word must be
 * in the lists; for other keys, whose values are single words, only the first words.
 */
export function isProse(scan: TextScanner, start: number, end: number, isPhrase: boolean): boolean {
  let hasPredicate = false
  let count = 0
  for (let at = start; at < end && count < MAX_WORDS; count += 1) {
    const wordEnd = Math.min(scan.endOf(WORD, at), end)
    const word = scan.text.slice(at, wordEnd).toLowerCase()
    if (PREDICATES.has(word)) hasPredicate = true
    else if (count === 0 ? !BEGINNINGS.has(word) && !THINGS.has(word) : !isProseWord(word)) {
      // `session: user bob not found`
      if (isPhrase || count === 0 || count > 3 || !/^[a-z]{1,12}$/.test(word)) return false
    }
    if (!isPhrase && hasPredicate) return true
    at = scan.endOf(GAP, wordEnd)
    // The end of a clause. The text after it is examined by itself.
    if (at < end && '.;!?:'.includes(scan.text.charAt(at))) break
    if (at === wordEnd && at < end) return false
  }
  return hasPredicate
}

/** Whether the words after a value are a comment on it and not a part of it: ` or so`, ` is too short`. */
export function isProseTail(scan: TextScanner, start: number, end: number): boolean {
  let count = 0
  for (let at = scan.endOf(GAP, start); at < end && count < MAX_WORDS; count += 1) {
    const wordEnd = Math.min(scan.endOf(WORD, at), end)
    const word = scan.text.slice(at, wordEnd).toLowerCase()
    if (count === 0 ? !PREDICATES.has(word) && !JOINING.has(word) : !isProseWord(word)) return false
    at = scan.endOf(GAP, wordEnd)
    if (at < end && '.;!?:'.includes(scan.text.charAt(at))) return true
    if (at === wordEnd && at < end) return false
  }
  return count > 0
}

function isProseWord(word: string): boolean {
  return (
    PREDICATES.has(word) || JOINING.has(word) || THINGS.has(word) || /^(?:\d{1,3}|s|)$/.test(word)
  )
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}

/*
 * Values after a sensitive word and a colon that are not secrets: a location in a source file, a scope, a count of tests.
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

/** Whether the text after a sensitive word and a separator is known not to be a secret. */
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
