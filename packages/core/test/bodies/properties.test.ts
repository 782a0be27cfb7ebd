import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { describeBody } from '../../src/bodies/describe-body.js'
import { describeValue } from '../../src/bodies/describe-value.js'
import { redactParsed } from '../../src/bodies/redact-parsed.js'
import type { JsonValue } from '../../src/json/json-value.js'
import { createRedactor } from '../../src/redact/redactor.js'
import { captured, recordedOf } from './captured.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

const CANARY = 'c4n4ry'
const RUNS = { numRuns: 500 }
const redactor = createRedactor()
const SENSITIVE = ['password', 'apiKey', 'access_token', 'card-number', 'pass\\u0077ord'] as const
const PLAIN = ['id', 'name', 'items', 'note', 'value', '0'] as const

const sensitiveKey = fc.constantFrom('password', 'apiKey', 'access_token', 'card-number')
const plainKey = fc.constantFrom(...PLAIN.filter((key) => key !== 'value' && key !== 'name'))
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 8 }))

/** JSON data in which every secret is below a sensitive key, is JSON in a string, or has its name beside it. */
const { tree } = fc.letrec<{ tree: JsonValue; secret: JsonValue }>((tie) => ({
  secret: fc.constantFrom<JsonValue>(CANARY, [CANARY, { a: CANARY }], { b: [CANARY] }),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(plainKey, tie('tree'), { maxKeys: 4 }),
    fc.tuple(sensitiveKey, tie('secret'), tie('tree')).map(([key, secret, rest]) => ({
      [key]: secret,
      rest,
    })),
    fc.tuple(sensitiveKey, tie('secret')).map(([name, value]) => ({ value, rest: 1, name })),
    fc.tuple(sensitiveKey, tie('secret')).map(([key, secret]) => JSON.stringify({ [key]: secret })),
  ),
})) as { tree: fc.Arbitrary<JsonValue> }

const TYPES = [
  'application/json',
  'application/hal+json; charset=utf-8',
  'application/x-ndjson',
  'text/plain',
  'text/event-stream',
  'text/html',
  'application/octet-stream',
  'application/x-unknown',
  undefined,
]

/** A document: an object or a list, since a bare string says nothing of what it is. */
const body = fc.record({ tree }).map((document) => JSON.stringify(document))

it('no secret of a JSON body is recorded, whatever its content type is', () => {
  fc.assert(
    fc.property(body, fc.constantFrom(...TYPES), (text, type) => {
      if (type === 'text/html' || type === 'text/event-stream') return
      expect(JSON.stringify(recordedOf(text, type))).not.toContain(CANARY)
    }),
    RUNS,
  )
})

it('no secret of a JSON body that is cut anywhere is recorded', () => {
  fc.assert(
    fc.property(body, fc.nat(), fc.constantFrom(...TYPES.slice(0, 4)), (text, at, type) => {
      const recorded = recordedOf(text, type, at % (text.length + 1))
      expect(JSON.stringify(recorded)).not.toContain(CANARY)
    }),
    { numRuns: 2_000 },
  )
})

it('no secret of a body with escaped keys, of events or of a described value is recorded', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SENSITIVE), tree, fc.nat(), (key, rest, at) => {
      const text = `{"rest":${JSON.stringify(rest)},"${key}":"${CANARY}"}`
      for (const type of TYPES.slice(0, 4)) {
        expect(JSON.stringify(recordedOf(text, type))).not.toContain(CANARY)
      }
      const events = `event: a\ndata: ${text}\n\ndata:${text}\n\n`
      const max = at % (events.length + 1)
      expect(JSON.stringify(recordedOf(events, 'text/event-stream', max))).not.toContain(CANARY)
      for (const value of [text, JSON.parse(text) as unknown, Buffer.from(text)]) {
        const recorded = describeValue(value, redactor, {
          maxBytes: 65_536,
          contentType: 'application/json',
        }).value
        expect(JSON.stringify(recorded)).not.toContain(CANARY)
      }
    }),
    RUNS,
  )
})

it('redactParsed gives the same result as redactor.value', () => {
  const keys = fc.oneof(
    sensitiveKey,
    plainKey,
    fc.constantFrom('value', 'key', '__proto__', 'a b', ''),
  )
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
      'token=x',
      'https://u:p@h/?key=1',
    ),
    fc.constantFrom(
      '2026-11-21T10:00:00Z',
      'bearer abc123',
      'plain',
      '{"pin":1}',
      'x'.repeat(2_000),
    ),
  )
  const { any } = fc.letrec<{ any: JsonValue }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      texts,
      leaf,
      fc.array(tie('any')),
      fc.array(fc.tuple(keys, tie('any'))).map((pairs) => Object.fromEntries(pairs)),
    ),
  })) as { any: fc.Arbitrary<JsonValue> }
  fc.assert(
    fc.property(any, (document) => {
      const text = JSON.stringify(document)
      const expected = JSON.stringify(redactor.value(JSON.parse(text)))
      expect(JSON.stringify(redactParsed(JSON.parse(text), redactor))).toBe(expected)
    }),
    RUNS,
  )
})

it.each([
  ['deep', `${'['.repeat(40)}{"password":"c4n4ry"}${']'.repeat(40)}`],
  ['wide', `[${'1,'.repeat(12_000)}{"password":"c4n4ry"}]`],
])('redactParsed cuts a document that is too %s as redactor.value does', (_, text) => {
  const redacted = JSON.stringify(redactParsed(JSON.parse(text), redactor))
  expect(redacted).toBe(JSON.stringify(redactor.value(JSON.parse(text))))
  expect(redacted).toContain('truncated')
})

const xmlName = fc.constantFrom('a', 'ns:b', 'item', 'Envelope')
const secretName = fc.constantFrom('password', 'wsse:Password', 'apiKey', 'AccessToken')
const xmlText = fc.constantFrom('', 'text', ' &amp; ', '\n', 'password=c4n4ry', '<!-- c4n4ry -->')
const { xml } = fc.letrec<{ xml: string }>((tie) => ({
  xml: fc.oneof(
    { depthSize: 'small' },
    xmlText,
    fc.tuple(xmlName, tie('xml'), tie('xml')).map(([name, a, b]) => `<${name}>${a}${b}</${name}>`),
    fc.tuple(xmlName, secretName).map(([name, key]) => `<${name} x='1' ${key}="c4n4ry"/>`),
    fc
      .tuple(secretName, tie('xml'))
      .map(([name, inner]) => `<${name} Type="t">c4n4ry${inner}c4n4ry</${name}>`),
    secretName.map((key) => `<p name="${key}" value="c4n4ry"/>`),
    secretName.map((key) => `<m><name>${key}</name><value><s>c4n4ry</s></value></m>`),
    secretName.map((key) => `<![CDATA[{"${key}":"c4n4ry"}]]>`),
    secretName.map((key) => `<d>{&quot;${key}&quot;:&quot;c4n4ry&quot;}</d>`),
  ),
})) as { xml: fc.Arbitrary<string> }

it('no secret of an XML body is recorded, cut or not, and all else is kept', () => {
  fc.assert(
    fc.property(xml, fc.nat(), (inner, at) => {
      const text = `<?xml version="1.0"?><root><first>kept</first>${inner}<last>kept</last></root>`
      const whole = String(recordedOf(text, 'application/soap+xml'))
      expect(whole).not.toContain(CANARY)
      expect(whole.match(/kept/g)).toHaveLength(2)
      const cut = recordedOf(text, 'text/xml', at % (text.length + 1))
      expect(String(cut)).not.toContain(CANARY)
    }),
    { numRuns: 2_000 },
  )
})

it('no secret of a form is recorded, cut or not', () => {
  const field = fc.tuple(fc.oneof(sensitiveKey, plainKey), fc.string({ maxLength: 5 }))
  fc.assert(
    fc.property(fc.array(field), fc.nat(), (fields, at) => {
      const form = new URLSearchParams(fields)
      for (const key of SENSITIVE.slice(0, 4)) form.append(key, CANARY)
      const type = 'application/x-www-form-urlencoded'
      const text = form.toString()
      const cut = recordedOf(text, type, at % (text.length + 1))
      expect(String(cut)).not.toContain(CANARY)
      expect(String(describeValue(form, redactor, { maxBytes: 65_536 }).value)).not.toContain(
        CANARY,
      )
    }),
    RUNS,
  )
})

it('any bytes of any type are described as JSON of limited size', () => {
  const types = [...TYPES, 'multipart/form-data; boundary=x', 'text/xml; charset=utf-16be']
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string().map((text) => Buffer.from(text)),
      ),
      fc.oneof(fc.constantFrom(...types), fc.string()),
      fc.nat(300),
      (bytes, type, max) => {
        const plain = { captured: captured(bytes), bytes: Buffer.from(bytes), isWhole: max > 150 }
        const { value } = describeBody(plain, type, redactor)
        expect(JSON.stringify(value).length).toBeLessThan(20_000)
      },
    ),
    RUNS,
  )
})
