import { expect, it } from 'vitest'
import { redactDocument } from '../../src/bodies/redact-parsed.js'
import { createRedactor } from '../../src/redact/redactor.js'
import { WorkBudget } from '../../src/redact/work-budget.js'
import { READABLE_SHAPES, READABLE_URLS, READABLE_VALUES } from './corpus-readable.js'
import {
  CANARY,
  SECRET_HEADERS,
  SECRET_KEYS,
  SECRET_SHAPES_SEEN,
  SECRET_URLS,
  SECRET_VALUES,
} from './corpus-secret.js'
import { READABLE_TEXTS, SECRET_TEXTS } from './corpus-text.js'

/*
 * Each row of the corpora as a JSON document, in every place and spelling. What the look calls clean, neither of the two ways of
 * redaction may change.
 */

const redactor = createRedactor()
const LABELS = ['name', 'key', 'Field', 'id', 'type', 'header', 'label', 'path', 'param']
const VALUES = ['value', 'Value', 'content', 'from', 'input', 'old', 'stringValue', 'values']

function isClean(json: string): boolean {
  return redactor.isCleanJson?.(Buffer.from(json), new WorkBudget()) === true
}

/** Whether the walk, either of the two, changes a document. */
function isChanged(json: string): boolean {
  const same = JSON.stringify(JSON.parse(json))
  const ofBody = redactDocument(JSON.parse(json), json, redactor, new WorkBudget())
  return (
    JSON.stringify(ofBody) !== same ||
    JSON.stringify(redactor.value(JSON.parse(json), new WorkBudget())) !== same
  )
}

/** A document in the places where it may stand, compact, indented, and between harmless neighbours. */
function placesOf(document: unknown): string[] {
  const placed = [
    document,
    [document],
    { order: { items: [document] } },
    { total: 12, order: document, status: 'ok' },
    [1, [[document], null], 'x'],
  ]
  return [
    ...placed.map((each) => JSON.stringify(each)),
    ...placed.map((each) => JSON.stringify(each, undefined, '\t')),
  ]
}

/** The same document with one character after the other of its text written as an escape. */
function escapesOf(json: string, text: string): string[] {
  const quoted = JSON.stringify(text)
  const start = json.indexOf(quoted)
  if (start === -1 || quoted.slice(1, -1) !== text) return []
  return [...text].slice(0, 24).map((char, at) => {
    const hex = char.charCodeAt(0).toString(16).padStart(4, '0')
    return `${json.slice(0, start + 1 + at)}\\u${hex}${json.slice(start + 1 + at + char.length)}`
  })
}

/** Finds those that are called clean although the walk changes them, and counts what the walk changes. */
function missesOf(documents: readonly string[]): { missed: string[]; changed: number } {
  const changed = documents.filter((json) => isChanged(json))
  return { missed: changed.filter((json) => isClean(json)), changed: changed.length }
}

it.each([
  ['texts', SECRET_TEXTS],
  ['URLs', SECRET_URLS],
  ['shapes', SECRET_SHAPES_SEEN.map(([text]) => text)],
  ['readable texts', [...READABLE_TEXTS, ...READABLE_URLS, ...READABLE_SHAPES]],
])('no secret is missed in values: %s', (what, texts) => {
  const documents = texts.flatMap((text) =>
    [{ note: text }, [text], { a: { b: [text, 'x'] } }, { [text]: 1 }, { [text]: 'x' }]
      .flatMap(placesOf)
      .concat(escapesOf(JSON.stringify({ note: text }), text)),
  )
  const { missed, changed } = missesOf(documents)
  expect(missed).toEqual([])
  if (!what.startsWith('readable')) expect(changed).toBeGreaterThan(texts.length * 10)
})

it('no secret is missed under a key that names one, however it is written', () => {
  const documents = [...SECRET_KEYS, ...SECRET_HEADERS].flatMap((key) =>
    [CANARY, 12, [CANARY], { a: CANARY }, [[CANARY]]].flatMap((value) => {
      const document = { sku: 'a', [key]: value, total: 1 }
      return [...placesOf(document), ...escapesOf(JSON.stringify(document), key)]
    }),
  )
  const { missed, changed } = missesOf(documents)
  expect(missed).toEqual([])
  expect(changed).toBeGreaterThan(documents.length / 2)
})

it('no secret is missed that a label beside it names, before or behind it', () => {
  const documents = [...SECRET_KEYS, ...SECRET_HEADERS].flatMap((secret) =>
    LABELS.flatMap((label) =>
      VALUES.flatMap((value) => [
        JSON.stringify([{ [label]: secret, [value]: CANARY }]),
        JSON.stringify({ sku: { [value]: { a: [CANARY] }, more: [{}], [label]: secret } }),
      ]),
    ),
  )
  const { missed, changed } = missesOf(documents)
  expect(missed).toEqual([])
  expect(changed).toBeGreaterThan(documents.length / 4)
})

it('no secret is missed in lists of names and values', () => {
  const documents = [...SECRET_KEYS, ...SECRET_HEADERS].flatMap((secret) => [
    ...['headers', 'trailers', 'rawHeaders', 'rawTrailers'].map((key) =>
      JSON.stringify({ a: { [key]: ['Accept', '*', secret, CANARY] } }),
    ),
    JSON.stringify({ form: [[secret, CANARY]] }),
    JSON.stringify({ form: [[secret, CANARY]] }, undefined, 2),
    JSON.stringify({
      form: [
        ['user', 'bob'],
        [secret, CANARY],
      ],
    }),
  ])
  const { missed, changed } = missesOf(documents)
  expect(missed).toEqual([])
  expect(changed).toBeGreaterThan(documents.length / 2)
})

it('no secret is missed in the values of the corpus', () => {
  const { missed, changed } = missesOf([...SECRET_VALUES, ...READABLE_VALUES].flatMap(placesOf))
  expect(missed).toEqual([])
  expect(changed).toBeGreaterThan(SECRET_VALUES.length * 9)
})

// One for each mark that a text is suspect by, and nothing else in it that is.
it.each([
  ['an equals sign', 'password=hunter22'],
  ['a colon', 'password: hunter22'],
  ['a colon of full width', 'password\uff1ahunter22'],
  ['an equals sign of full width', 'password\uff1dhunter22'],
  ['a percent-escape', 'password%3Dhunter22'],
  ['two slashes', '//bob@db.example/x'],
  ['the end of an element', '<password>hunter22</password>'],
  ['the name of a scheme', 'Bearer hunter22x'],
  ['a scheme in lower case', 'sent with basic Ym9iOmh1bnRlcg'],
  ['the word of SQL', 'CREATE USER bob IDENTIFIED BY hunter22'],
  ['a word in quotes', "the password 'hunter22' is wrong"],
  ['a row in brackets', 'Failing row contains (bob, hunter22)'],
  ['a long flag', 'run --password hunter22'],
  ['a long flag with one hyphen', 'keytool -storepass hunter22'],
  ['a short flag', 'mysql -u root -phunter22'],
  ['a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi'],
  ['a card number', '4111111111111111'],
  ['a card number with blanks', '4111 1111 1111 1111'],
  ['a card number with hyphens', '4111-1111-1111-1111'],
  ['a card number with dots', '4111.1111.1111.1111'],
  ['a card number with blanks that do not break', '4111\u00a01111\u00a01111\u00a01111'],
  ['a secret that begins with a capital A', 'AKIAIOSFODNNEXAMPLES'],
  ['a secret with an underscore', `npm_${'abcdefghij'.repeat(4)}`],
  ['the secret of a webhook', 'whsec_abc+efghijklmnopqrstuvwx'],
  ['the address of a hook', 'hooks.slack.com/services/abcdefghij/klmnopqrst/uvw'],
])('sees a secret by %s', (_what, text) => {
  for (const document of [[text], { note: text }]) {
    const json = JSON.stringify(document)
    expect(isChanged(json)).toBe(true)
    expect(isClean(json)).toBe(false)
  }
})

it.each([
  ['a number with a fraction that is a card', '{"total":4111111111111111.0}'],
  ['a short card number with a fraction', '{"total":4222222222222.0}'],
  ['a short card number', '{"total":4222222222222}'],
  ['a number of more digits than a double holds', '{"total":12345678901234567890}'],
  ['a number that is one more than a double holds', '{"total":9007199254740993}'],
  ['zero with a minus', '{"total":-0}'],
  ['an exponent', '{"total":1e400}'],
  ['a list of entries after a space', '{"form":[ [ "password", "hunter22" ] ]}'],
  ['a key of its own kind', '{"__proto__":{"a":1}}'],
  ['a key that is a secret', '{"AKIAIOSFODNNEXAMPLES":1}'],
  ['a label before an object', '{"name":"password","value":{"a":[{}]}}'],
  ['a label behind an object', '{"value":{"a":[{"b":{}}]},"name":"password"}'],
  ['the number of a card', '{"number":"12","a":{},"cvc":"1"}'],
  ['a part of a web key', '{"kty":"RSA","d":"abc"}'],
  ['more levels than are read', `${'[{"a":'.repeat(20)}1${'}]'.repeat(20)}`],
  ['a text that is longer than what is kept', JSON.stringify(['x'.repeat(70_000)])],
  ['more values than are read', JSON.stringify(Array(12_000).fill(1))],
])('sees %s', (_what, json) => {
  expect(isClean(json)).toBe(false)
})

it.each([
  '{"a" 1}',
  '{"a":1}]',
  '[1}',
  '{"a":1]',
  '[1 2]',
  '[tru]',
  '[01]',
  '[1.]',
  '[-]',
  '[,]',
  '[1,]',
  '["\u001f"]',
  '{,}',
  '',
  ' [1]',
  '[1] x',
])('calls %j, which is no document from its first byte to its last, not clean', (json) => {
  expect(isClean(json)).toBe(false)
})
