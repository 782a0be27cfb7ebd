import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const CANARY = 'cAnArY7391'
const RUNS = { numRuns: 1000 }
const redactor = createRedactor()

const sensitiveKey = fc.constantFrom(
  ...[
    'password',
    'userPassword',
    'api_key',
    'X-Api-Key',
    'access_token',
    'refreshToken',
    'clientSecret',
    'cookie',
  ],
  ...[
    'authorization',
    'cardNumber',
    'cvv',
    'iban',
    'PIN',
    'ssn',
    'connect.sid',
    'user[password]',
    'ｐａｓｓｗｏｒｄ',
  ],
)
const plainKey = fc.oneof(
  fc.constantFrom('a', 'name', 'total_tokens', '__proto__', 'x y', 'ä'),
  fc.string({ maxLength: 5 }),
)
// What surrounds a secret, or is next to it: quotes, braces and escapes try to break out.
const noise = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '"}', '=&;', '%', '\ud800'),
)
const secret = fc.tuple(noise, noise).map(([before, after]) => before + CANARY + after)
const token = fc.stringMatching(/^[\w.~-]{0,6}$/).map((tail) => CANARY + tail)

/** A tree of plain data with secrets under sensitive keys, in objects, lists and JSON within strings. */
const { tree } = fc.letrec<{ tree: unknown; secretHolder: unknown }>((tie) => ({
  secretHolder: fc
    .tuple(
      sensitiveKey,
      fc.oneof(
        secret,
        secret.map((text) => [text]),
        secret.map((text) => ({ a: { b: text } })),
      ),
      plainKey,
      noise,
    )
    .map(([key, value, other, text]) => ({ [other]: text, [key]: value })),
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('secretHolder'),
    fc.tuple(tie('tree'), tie('tree')).map((items) => [...items]),
    fc.tuple(plainKey, tie('tree')).map(([key, value]) => Object.fromEntries([[key, value]])),
    tie('tree').map((value) => JSON.stringify(value)),
    tie('tree').map((value) => ({ name: 'x', body: `${JSON.stringify(value)}` })),
  ),
}))

/** Writes some characters of a key as escapes of JSON. */
function escapeUnicode(text: string, every: number): string {
  return [...text]
    .map((char, at) =>
      at % every === 0 ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char,
    )
    .join('')
}

/** Writes every n-th character of a key as escapes of a URL. */
function escapePercent(text: string, every: number): string {
  return [...text]
    .map((char, at) => (at % every === 0 || !/\w/.test(char) ? percent(char) : char))
    .join('')
}

function percent(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

describe('a secret under a sensitive key', () => {
  it('never occurs in a redacted value or JSON text, at any depth', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(JSON.stringify(redactor.value(value))).not.toContain(CANARY)
        expect(redactor.json(JSON.stringify(value))).not.toContain(CANARY)
      }),
      RUNS,
    )
  })

  it('never occurs in the redaction of truncated JSON', () => {
    const cut = fc.double({ min: 0.2, max: 1, noNaN: true })
    fc.assert(
      fc.property(sensitiveKey, secret, plainKey, noise, cut, (key, value, other, text, part) => {
        const document = JSON.stringify({ [other]: text, inner: [{ [key]: value, rest: text }] })
        const truncated = document.slice(0, Math.ceil(document.length * part))
        expect(redactor.json(truncated)).not.toContain(CANARY)
        expect(JSON.stringify(redactor.value({ body: truncated }))).not.toContain(CANARY)
        expect(redactor.text(`body was ${truncated}`)).not.toContain(CANARY)
      }),
      RUNS,
    )
  })

  it('is hidden when its key has Unicode escapes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('password', 'apiKey', 'cvv', 'iban'),
        fc.integer({ min: 1, max: 3 }),
        token,
        (key, every, value) => {
          const document = `{"a":{"${escapeUnicode(key, every)}":"${value}"}}`
          const results = [
            redactor.json(document),
            redactor.text(`got ${document}`),
            redactor.text(`got ${document.slice(0, -4)}`),
            redactor.text(`got ${JSON.stringify(document)}`),
            redactor.url(`/x?d=${encodeURIComponent(document)}`),
            redactor.form(`d=${encodeURIComponent(document)}`),
            JSON.stringify(redactor.value([document, { body: JSON.stringify({ document }) }])),
          ]
          for (const result of results) expect(result).not.toContain(CANARY)
        },
      ),
      RUNS,
    )
  })

  it('is hidden in forms, URLs and texts when its key has percent escapes', () => {
    const every = fc.integer({ min: 1, max: 9 })
    fc.assert(
      fc.property(sensitiveKey, every, secret, plainKey, noise, (key, step, value, other, text) => {
        const pair = `${escapePercent(key, step)}=${encodeURIComponent(Buffer.from(value).toString())}`
        const form = `${escapePercent(other, 1)}=${escapePercent(text, 2)}&${pair}&z=1`
        const urls = [
          `https://h/p?${form}`,
          `/p?${form}#x`,
          `//h#${form}`,
          `/p?next=${encodeURIComponent(`https://h/?${form}`)}`,
        ]
        for (const url of urls) {
          expect(redactor.url(url)).not.toContain(CANARY)
          expect(JSON.stringify(redactor.headers({ referer: url, 'x-url': url }))).not.toContain(
            CANARY,
          )
          expect(JSON.stringify(redactor.value({ url }))).not.toContain(CANARY)
          expect(redactor.text(`GET ${url} failed`)).not.toContain(CANARY)
        }
        expect(redactor.form(form)).not.toContain(CANARY)
        expect(redactor.form(`?${form}`)).not.toContain(CANARY)
        expect(redactor.form(`a=1&b=${encodeURIComponent(form)}`)).not.toContain(CANARY)
      }),
      RUNS,
    )
  }, 60_000)

  it('never occurs in redacted headers; user info never occurs in a redacted URL', () => {
    const name = fc.constantFrom(
      'Authorization',
      'cookie',
      'Set-Cookie',
      'x-api-key',
      'X-Auth-Token',
      'stripe-signature',
    )
    const scheme = fc.constantFrom(
      'https',
      'postgres',
      'redis',
      'mongodb+srv',
      'amqp',
      'jdbc:mysql',
    )
    fc.assert(
      fc.property(name, secret, noise, scheme, token, (header, value, text, protocol, password) => {
        const headers = {
          accept: text,
          [header]: value,
          [`${header}s`]: [] as string[],
          [header.toUpperCase()]: [value, text],
        }
        expect(JSON.stringify(redactor.headers(headers))).not.toContain(CANARY)
        const url = `${protocol}://user:${password}@host:99/path?a=b`
        expect(redactor.url(url)).not.toContain(CANARY)
        expect(redactor.text(`cannot reach ${url}, giving up`)).not.toContain(CANARY)
        expect(JSON.stringify(redactor.value({ url, list: [`to ${url}`] }))).not.toContain(CANARY)
      }),
      RUNS,
    )
  })

  it('is hidden in free text, quoted or not', () => {
    const key = fc.constantFrom('password', 'apiKey', 'access_token', 'card_pin', 'X-Api-Key')
    const form = fc.constantFrom(
      (k: string, v: string) => `${k}=${v}`,
      (k: string, v: string) => `${k}: ${v}`,
      (k: string, v: string) => `${k} = '${v}'`,
      (k: string, v: string) => `{ ${k}: "${v}" }`,
      (k: string, v: string) => `{"${k}":"${v}","x":1}`,
      (k: string, v: string) => `{\\"${k}\\":\\"${v}\\"}`,
      (k: string, v: string) => `'${k}' => ['${v}']`,
      (k: string, v: string) => `"${k}" : {"a":["}","${v}"]}`,
    )
    fc.assert(
      fc.property(
        key,
        token,
        form,
        fc.string(),
        fc.string(),
        (name, value, write, before, after) => {
          expect(redactor.text(`${before} ${write(name, value)} ${after}`)).not.toContain(CANARY)
        },
      ),
      RUNS,
    )
  })
})

describe('a redactor', () => {
  const calls = [
    (input: unknown) => redactor.value(input),
    (input: unknown) => redactor.json(input as string),
    (input: unknown) => redactor.form(input as string),
    (input: unknown) => redactor.url(input as string),
    (input: unknown) => redactor.text(input as string),
    (input: unknown) => redactor.headers(input as Record<string, unknown>),
    (input: unknown) => redactor.isSensitiveKey(input as string),
  ]

  function refusing(): object {
    const refuse = (): never => {
      throw new Error('no')
    }
    const traps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const
    return new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, refuse])))
  }

  it('never throws, and its result is JSON', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(
        fc.oneof(anything, noise, fc.webUrl({ withQueryParameters: true, withFragments: true })),
        (input) => {
          for (const call of calls) JSON.stringify(call(input))
          for (const call of calls) JSON.stringify(call({ password: input, input }))
        },
      ),
      RUNS,
    )
  })

  it('never throws on a Proxy that throws, a revoked Proxy, or a value that cannot become a string', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const list: unknown[] = [
      refusing(),
      proxy,
      Object.create(null),
      Symbol('x'),
      null,
      undefined,
      () => 1,
      10n,
    ]
    for (const input of [
      ...list,
      { a: refusing() },
      { 'x-a': proxy },
      {
        get cookie() {
          throw new Error('no')
        },
      },
    ]) {
      for (const call of calls) expect(typeof JSON.stringify(call(input))).toBe('string')
    }
  })

  it('changes nothing when it redacts its own result', () => {
    fc.assert(
      fc.property(tree, sensitiveKey, token, (value, key, word) => {
        const once = redactor.value(value)
        expect(JSON.stringify(redactor.value(once))).not.toContain(CANARY)
        const pair = `${encodeURIComponent(key)}=${word}`
        const url = redactor.url(`https://u:p@h/?a=%20b&${pair}#${pair}`)
        expect(redactor.url(url)).toBe(url)
        const form = redactor.form(`a=1&${pair}`)
        expect(redactor.form(form)).toBe(form)
        const text = redactor.text(
          `x ${key}=${word} y: {"${key}":"${word}"} Bearer ${word} https://u:${word}@h/`,
        )
        expect(redactor.text(text)).toBe(text)
        const json = redactor.json(JSON.stringify({ [key]: word, b: [pair] }))
        expect(redactor.json(json)).toBe(json)
      }),
      RUNS,
    )
  })
})
