import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'
import { SECRET_SHAPES } from '../../src/redact/secret-shapes.js'
import {
  READABLE_HEADERS,
  READABLE_KEYS,
  READABLE_SHAPES,
  READABLE_URLS,
  READABLE_VALUES,
} from './corpus-readable.js'
import {
  CANARY,
  SECRET_HEADERS,
  SECRET_KEYS,
  SECRET_SHAPES_SEEN,
  SECRET_URLS,
  SECRET_VALUES,
} from './corpus-secret.js'

const redactor = createRedactor()

describe('the corpus', () => {
  it('has at least 200 secret and 200 readable rows, without duplicates', () => {
    const readable = [
      ...READABLE_KEYS.map(([key]) => key),
      ...READABLE_HEADERS.map(([name]) => name),
      ...[...READABLE_VALUES, ...READABLE_URLS, ...READABLE_SHAPES].map((row) =>
        JSON.stringify(row),
      ),
    ]
    const secret = [
      ...SECRET_KEYS,
      ...SECRET_HEADERS.map((name) => `${name}:`),
      ...[...SECRET_VALUES, ...SECRET_URLS, ...SECRET_SHAPES_SEEN].map((row) =>
        JSON.stringify(row),
      ),
    ]
    for (const rows of [readable, secret]) {
      expect(rows.filter((row, at) => rows.indexOf(row) !== at)).toEqual([])
      expect(rows.length).toBeGreaterThanOrEqual(200)
    }
  })
})

describe('a redactor leaves readable', () => {
  it.each(READABLE_KEYS)('the value of %s', (key, value) => {
    expect(redactor.value({ [key]: value })).toEqual({ [key]: value })
    expect(redactor.value({ a: [{ [key]: value }] })).toEqual({ a: [{ [key]: value }] })
    const json = JSON.stringify({ [key]: value })
    expect(redactor.json(json)).toBe(json)
    expect(redactor.value(json)).toBe(json)
    const pair = `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`
    expect(redactor.form(`a=1&${pair}`)).toBe(`a=1&${pair}`)
    expect(redactor.url(`/p?a=1&${pair}`)).toBe(`/p?a=1&${pair}`)
    expect(redactor.hides(key, value)).toBe(false)
    // A text may not hold every key.
    if (/^[\w.]+$/.test(key)) {
      expect(redactor.text(`got ${key}=${value} here`)).toBe(`got ${key}=${value} here`)
      expect(redactor.text(`got ${json} here`)).toBe(`got ${json} here`)
    }
    if (isJudgedByValue(key)) return
    expect(redactor.isSensitiveKey(key)).toBe(false)
    // A header says no yes or no, and has no dots.
    if (!/^[A-Za-z_-]+$/.test(key) || FLAG.test(key)) return
    expect(redactor.headers({ [`x-${key}`]: `${value}` })).toEqual({ [`x-${key}`]: `${value}` })
  })

  it.each(READABLE_VALUES.map((value) => [JSON.stringify(value), value]))('%s', (json, value) => {
    expect(redactor.value(value)).toEqual(value)
    expect(redactor.json(String(json))).toBe(json)
  })

  it.each(READABLE_HEADERS)('the header %s', (name, value) => {
    expect(redactor.headers({ [name]: value })).toEqual({ [name]: String(value) })
  })

  it.each(READABLE_URLS)('the URL %s', (url) => {
    expect(redactor.url(url)).toBe(url)
    expect(redactor.headers({ referer: url })).toEqual({ referer: url })
  })

  it.each(READABLE_SHAPES)('%s', (text) => {
    for (const whole of [text, `got ${text} here`]) {
      expect(redactor.text(whole)).toBe(whole)
      expect(redactor.value([whole])).toEqual([whole])
      expect(redactor.url(`/x/${whole}`)).toBe(`/x/${whole}`)
      expect(redactor.form(`a=${encodeURIComponent(whole)}`)).toBe(`a=${encodeURIComponent(whole)}`)
      expect(redactor.headers({ 'x-note': whole })).toEqual({ 'x-note': whole })
    }
  })
})

describe('a redactor hides', () => {
  it.each(SECRET_KEYS)('the value of %s', (key) => {
    const values = [CANARY, [CANARY], { a: CANARY }, `${CANARY} and more`]
    for (const value of values) {
      expect(JSON.stringify(redactor.value({ [key]: value }))).not.toContain(CANARY)
      expect(JSON.stringify(redactor.value({ a: [{ b: 1, [key]: value }] }))).not.toContain(CANARY)
      expect(redactor.json(JSON.stringify({ [key]: value }))).not.toContain(CANARY)
      expect(redactor.hides(key, value)).toBe(true)
    }
    const name = encodeURIComponent(key)
    expect(redactor.form(`a=1&${name}=${CANARY}`)).not.toContain(CANARY)
    expect(redactor.url(`/p?a=1&${name}=${CANARY}#x`)).not.toContain(CANARY)
    expect(redactor.url(`/p;${name}=${CANARY}/x`)).not.toContain(CANARY)
    expect(redactor.text(`got {"${key}":"${CANARY}"} here`)).not.toContain(CANARY)
    if (/^[\w.-]+$/.test(key)) {
      expect(redactor.text(`got ${key}=${CANARY} here`)).not.toContain(CANARY)
      expect(JSON.stringify(redactor.headers({ [key]: CANARY }))).not.toContain(CANARY)
    }
    expect(redactor.isSensitiveKey(key)).toBe(true)
  })

  it.each(SECRET_VALUES.map((value) => [JSON.stringify(value), value]))(
    'the secret in %s',
    (json, value) => {
      expect(JSON.stringify(redactor.value(value))).not.toContain(CANARY)
      expect(JSON.stringify(redactor.value({ list: [value] }))).not.toContain(CANARY)
      expect(redactor.json(String(json))).not.toContain(CANARY)
      expect(redactor.value({ body: json })).not.toContain(CANARY)
    },
  )

  it.each(SECRET_HEADERS)('the header %s', (name) => {
    expect(redactor.headers({ [name]: CANARY, [`${name}s`]: 'x' })[name]).toBe('[redacted]')
    expect(redactor.headers({ [name]: [CANARY] })[name]).toEqual(['[redacted]'])
  })

  it.each(SECRET_URLS)('the secret in the URL %s', (url) => {
    expect(redactor.url(url)).not.toContain(CANARY)
    expect(JSON.stringify(redactor.headers({ location: url }))).not.toContain(CANARY)
    expect(JSON.stringify(redactor.value({ url }))).not.toContain(CANARY)
    expect(redactor.url(redactor.url(url))).toBe(redactor.url(url))
  })

  it.each(SECRET_SHAPES_SEEN)('%s under any key', (text, secret) => {
    for (const whole of [
      text,
      `got ${text} here`,
      `(${text})`,
      `got "${text}", then`,
      `a\n${text}\nb`,
    ]) {
      const escaped = JSON.stringify(secret).slice(1, -1)
      expect(redactor.text(whole)).not.toContain(secret)
      expect(JSON.stringify(redactor.value({ a: [whole] }))).not.toContain(escaped)
      expect(redactor.json(JSON.stringify({ a: whole }))).not.toContain(escaped)
      expect(redactor.value(JSON.stringify({ a: whole }))).not.toContain(escaped)
      expect(decodeURIComponent(redactor.form(`a=${encodeURIComponent(whole)}`))).not.toContain(
        secret,
      )
      expect(decodeURIComponent(redactor.url(`/x?a=${encodeURIComponent(whole)}`))).not.toContain(
        secret,
      )
      expect(JSON.stringify(redactor.headers({ 'x-note': whole }))).not.toContain(escaped)
      expect(redactor.text(redactor.text(whole))).toBe(redactor.text(whole))
    }
  })
})

describe('the table of shapes', () => {
  it('has a public source for each shape, and the corpus has a row for it', () => {
    for (const { name, prefixes, source } of SECRET_SHAPES) {
      expect(new URL(source).protocol, name).toBe('https:')
      expect(
        [...SECRET_SHAPES_SEEN.map(([text]) => text), ...SECRET_URLS].some((text) =>
          prefixes.some((prefix) => text.includes(prefix)),
        ),
        name,
      ).toBe(true)
    }
  })
})

const FLAG = /^(?:has|is|requires?|supports|use)(?:_|[A-Z])/

/** Of these the name alone says that there is a secret, and only the value that it is not given. */
function isJudgedByValue(key: string): boolean {
  return /^(?:tokens|user_tokens|credentials)$/.test(key)
}
