import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { redactDocument } from '../../src/bodies/redact-parsed.js'
import { createRedactor } from '../../src/redact/redactor.js'
import { SECRET_SHAPES } from '../../src/redact/secret-shapes.js'
import { WorkBudget } from '../../src/redact/work-budget.js'
import {
  READABLE_KEYS,
  READABLE_SHAPES,
  READABLE_URLS,
  READABLE_VALUES,
} from './corpus-readable.js'
import {
  CANARY,
  SECRET_KEYS,
  SECRET_SHAPES_SEEN,
  SECRET_URLS,
  SECRET_VALUES,
} from './corpus-secret.js'
import { READABLE_TEXTS, SECRET_TEXTS } from './corpus-text.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 600_000 })

/** Documents of each property; `SCS_LOOK_SHAPES=100000` for the long run. */
const RUNS = { numRuns: Number(process.env.SCS_LOOK_SHAPES ?? 3_000) }
const redactor = createRedactor({ keys: ['partner-key'] })

function isClean(text: string): boolean {
  return redactor.isCleanJson?.(Buffer.from(text), new WorkBudget()) === true
}

/** What the redactor makes of a document, both of the ways in which it can be asked. */
function walked(text: string): readonly unknown[] {
  const ofBody = redactDocument(JSON.parse(text), text, redactor, new WorkBudget())
  return [ofBody, redactor.value(JSON.parse(text), new WorkBudget())]
}

const CARD = '4111111111111111'
const PIECES = [
  ...[
    'Bearer ',
    'basic ',
    'token ',
    'identified ',
    'BY ',
    'eyJ',
    'EYj',
    '--',
    ' -p',
    ' --password ',
  ],
  ...['whsec_', 'ghp_', 'AKIA', 'sk_live_', '.slack.com/', 'discord.com/api/webhooks/', 'sk-'],
  ...[
    '=',
    ':',
    '%3D',
    '\\',
    '//',
    '</',
    '<',
    '/',
    '@',
    '\u00a0',
    '\uff1a',
    '\uff1d',
    '\u2028',
    '\ufeff',
  ],
  ...[
    'password',
    'secret',
    'pin',
    'api_key',
    'x',
    'Zoe Müller',
    ' ',
    '  ',
    '"',
    "'",
    '(',
    '`',
    '.',
    '-',
  ],
  ...[
    '4111',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    CARD,
    '0',
    '12',
    'abcdefghij',
    'ABCDEFGH12',
  ],
  ...['\t', '\n', '\0', '\ud800', '😀', '{"password":"x"}', '[{"a":1}]', '2026-01-01T00:00:00Z'],
]
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.constantFrom(...SECRET_TEXTS, ...READABLE_TEXTS, ...SECRET_URLS, ...READABLE_URLS),
  fc.constantFrom(...SECRET_SHAPES_SEEN.map(([shown]) => shown), ...READABLE_SHAPES),
  fc
    .tuple(fc.constantFrom(...SECRET_SHAPES), fc.stringMatching(/^[\w+/.-]{10,50}$/))
    .map(([{ prefixes }, rest]) => `${prefixes[0]}${rest}`),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[\w .-]{0,30}$/),
)
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 4111111111111, 4111111111111111, 1e12, 1764150000000, 0.1, 1e-7, 1e21),
)
const leaf = fc.oneof(
  text,
  number,
  fc.constantFrom<unknown>(null, true, false, ...READABLE_VALUES, ...SECRET_VALUES.map(String)),
)
const LABELS = ['name', 'key', 'type', 'id', 'field', 'kty', 'cvc', 'expiry', 'label', 'path']
const VALUES = ['value', 'content', 'number', 'd', 'from', 'new_value', 'logprob', 'tokens']
const key = fc.oneof(
  fc.constantFrom(...SECRET_KEYS, ...READABLE_KEYS.map(([name]) => name)),
  fc.constantFrom(...LABELS, ...VALUES, ...VALUES, ...LABELS),
  fc.constantFrom('rawHeaders', 'headers', 'trailers', '__proto__', '', 'partnerKey', 'ä', 'a b'),
  fc.constantFrom('items', 'sku', 'quantity', 'total', 'address', 'status', 'lines'),
  text,
)
const label = fc.oneof(fc.constantFrom(...SECRET_KEYS, 'Cookie', 'Authorization'), text)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    fc.tuple(label, tie('tree')).map((entry) => [entry]),
    fc.array(label, { maxLength: 4 }).map((headers) => ({ headers })),
    fc
      .tuple(fc.constantFrom(...LABELS), label, fc.constantFrom(...VALUES), tie('tree'))
      .map(([name, shown, under, value]) => ({ [under]: value, [name]: shown })),
  ),
})) as { tree: fc.Arbitrary<unknown> }

/** Documents in which nearly all is harmless, so that the look says so of many. */
const harmless = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^[A-Za-z ]{0,12}$/) },
      { weight: 1, arbitrary: leaf },
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('items', 'sku', 'quantity', 'total', ...LABELS, ...VALUES),
      tie('tree'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).tree

const indent = fc.constantFrom(undefined, 0, 2, '\t', '\n')
const written = fc
  .tuple(fc.oneof(tree, harmless), indent)
  .map(([document, space]) => JSON.stringify([document], undefined, space))

function expectNothingHidden(json: string): void {
  const same = JSON.parse(json)
  for (const shown of walked(json)) expect(shown).toEqual(same)
}

describe('a look at a JSON document', () => {
  it('says clean of none in which the redactor would change anything', () => {
    let clean = 0
    fc.assert(
      fc.property(written, (json) => {
        if (!isClean(json)) return
        clean += 1
        expectNothingHidden(json)
      }),
      RUNS,
    )
    // A look that never says so would prove nothing.
    expect(clean).toBeGreaterThan(RUNS.numRuns / 20)
  })

  it('says clean of no text that the redactor would change, wherever it stands', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('items', 'sku', 'name'), (value, name) => {
        for (const document of [[value], { [name]: value }, { a: [{ [name]: value }] }]) {
          const json = JSON.stringify(document)
          if (isClean(json)) expectNothingHidden(json)
        }
      }),
      RUNS,
    )
  })

  it('says clean of nothing that JSON.parse refuses or reads otherwise', () => {
    const broken = fc
      .tuple(
        written,
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.constantFrom(
          '',
          ',',
          '"',
          '}',
          ']',
          '0',
          '-',
          '.',
          ' ',
          '\\',
          'e5',
          '\0',
          '\ufeff',
          'tru',
          'null',
          '{',
          '[',
        ),
      )
      .map(([json, at, length, piece]) => {
        const start = at % (json.length + 1)
        return json.slice(0, start) + piece + json.slice(start + length)
      })
    fc.assert(
      fc.property(broken, (json) => {
        if (!isClean(json)) return
        expectNothingHidden(json)
      }),
      RUNS,
    )
  })

  it('comes to an end, and says no, wherever a document is cut', () => {
    fc.assert(
      fc.property(written, (json) => {
        const whole = Buffer.from(json)
        for (let end = 0; end < whole.length; end += 1) {
          const said = redactor.isCleanJson?.(whole.subarray(0, end), new WorkBudget())
          // What is cut within the space behind it is whole.
          if (whole.subarray(end).some((byte) => byte > 0x20)) expect(said).toBe(false)
        }
      }),
      { numRuns: RUNS.numRuns / 10 },
    )
    for (const json of [
      '{"',
      '{"a',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1,"',
      '["',
      '[-',
      '[1.',
      '[t',
    ])
      expect(isClean(json)).toBe(false)
  })

  it('says clean of bytes only if the text that they are decoded to is', () => {
    const bytes = fc
      .tuple(written, fc.nat(), fc.uint8Array({ maxLength: 4 }))
      .map(([json, at, some]) => {
        const whole = Buffer.from(json)
        const start = at % (whole.length + 1)
        return Buffer.concat([whole.subarray(0, start), some, whole.subarray(start)])
      })
    fc.assert(
      fc.property(bytes, (some) => {
        if (redactor.isCleanJson?.(some, new WorkBudget()) === true)
          expectNothingHidden(some.toString())
      }),
      RUNS,
    )
  })

  it.each([
    ['a key that names a secret', { password: CANARY }],
    ['one that the application names', { partner_key: CANARY }],
    ['a name with its value', { name: 'password', value: CANARY }],
    ['a list of entries', [['password', CANARY]]],
    ['headers as a flat list', { headers: ['Cookie', CANARY] }],
    ['a card number that is a number', { total: Number(CARD) }],
    ['a card number as text', { total: CARD }],
    ['a token in a text', { note: `use Bearer ${CANARY}` }],
    ['a web token that is as short as a word', ['eyJ.ghp_']],
    ['a card number behind a time', { at: `2026-01-01T00:00:00Z.${CARD}` }],
  ])('sees %s', (_what, document) => {
    expect(isClean(JSON.stringify(document))).toBe(false)
  })

  it.each([
    ['null, true and false under a key that names a secret', '{"password":null,"token":false}'],
    ['a value with no name beside it', '{"amount":{"currency":"EUR","value":12345}}'],
    ['a value, and a name in the object behind it', '[{"value":1},{"name":"a"}]'],
    ['a name, and a value in the object behind it', '[{"name":"a"},{"value":1}]'],
    ['times, addresses and ids', '{"at":"2026-11-03T10:15:30.412Z","url":"https://a.example/b"}'],
    ['letters of other languages', '{"name":"Zoë Müller","city":"東京"}'],
    ['a document with spaces', '{\n  "items": [\n    1,\n    { }\n  ]\n}\n'],
    ['milliseconds since 1970', '{"at":1764150000000}'],
  ])('is enough for %s', (_what, json) => {
    expect(isClean(json)).toBe(true)
  })

  it('leaves most of the work to the walk where it comes to no end', () => {
    const budget = new WorkBudget(10_000)
    const many = Buffer.from(JSON.stringify(Array(5_000).fill('b=c')))
    expect(redactor.isCleanJson?.(many, budget)).toBe(false)
    expect(budget.spentUnits).toBeLessThanOrEqual(10_000 / 4 + many.length / 16)
    expect(budget.affords(6_000)).toBe(true)
  })

  it('is enough however many keys there are in all the documents of a process', () => {
    for (let at = 0; at < 5_000; at += 1) expect(isClean(`{"field${at}x":1}`)).toBe(true)
    expect(isClean('{"field12x":1,"password":"x"}')).toBe(false)
  })
})
