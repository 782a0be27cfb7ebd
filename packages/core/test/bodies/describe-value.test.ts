import { expect, it } from 'vitest'
import { describeValue } from '../../src/bodies/describe-value.js'
import type { JsonValue } from '../../src/json/json-value.js'
import { createRedactor } from '../../src/redact/redactor.js'
import { WorkBudget } from '../../src/redact/work-budget.js'

const redactor = createRedactor()
const KEPT = { maxBytes: 65_536 }
const MEBIBYTE = 1_048_576

/** An object that counts how often it is looked into. */
function watched(target: object): { readonly value: object; readonly looks: () => number } {
  let looks = 0
  const look = <Result>(result: Result): Result => {
    looks += 1
    return result
  }
  const value = new Proxy(target, {
    get: (holder, key, receiver) => look(Reflect.get(holder, key, receiver)),
    ownKeys: (holder) => look(Reflect.ownKeys(holder)),
    getOwnPropertyDescriptor: (holder, key) => look(Reflect.getOwnPropertyDescriptor(holder, key)),
  })
  return { value, looks: () => looks }
}

it('a parsed body of more than 1 MiB is not read, since listing its keys may take seconds', () => {
  const { value, looks } = watched({ a: 1 })
  const wireSize = { maxBytes: MEBIBYTE + 1, isExact: true }
  expect(describeValue(value, redactor, { ...KEPT, wireSize })).toEqual({
    value: '[truncated: 1048577 bytes]',
    isTruncated: true,
  })
  const unknown = { maxBytes: Number.POSITIVE_INFINITY, isExact: false }
  expect(describeValue(value, redactor, { ...KEPT, wireSize: unknown }).value).toBe(
    '[truncated: perhaps more than 1 MiB]',
  )
  expect(looks()).toBe(0)
  describeValue(value, redactor, { ...KEPT, wireSize: { maxBytes: MEBIBYTE, isExact: true } })
  expect(looks()).toBeGreaterThan(0)
})

it('no more items of a list are read than values are kept', () => {
  const { value, looks } = watched(Array.from({ length: 1_000_000 }, (_, at) => at))
  const list = describeValue(value, redactor, { maxBytes: MEBIBYTE }).value as JsonValue[]
  expect(list.at(-1)).toMatch(/^\[truncated: \d+ items\]$/)
  expect(looks()).toBeLessThan(10_050)
})

it('no getter is called once the work budget is spent', () => {
  const { value, looks } = watched({ a: 'b=c', d: 1 })
  const { value: shown } = describeValue([value, value], redactor, {
    ...KEPT,
    budget: new WorkBudget(0),
  })
  expect(shown).toEqual(['[truncated: 2 items]'])
  expect(looks()).toBe(0)
})

it('a text of many megabytes is described by its length, and a text of a few by its beginning', () => {
  expect(describeValue('x'.repeat(5_000_000), redactor, KEPT)).toEqual({
    value: '[truncated: 5000000 bytes]',
    isTruncated: true,
  })
  const { value, isTruncated } = describeValue('x'.repeat(3_000_000), redactor, KEPT)
  expect(value).toBe('x'.repeat(65_536))
  expect(isTruncated).toBe(true)
})

it('no more bytes are read than are kept, however many there are', () => {
  const bytes = Buffer.alloc(3_000_000, '{"a":1}\n')
  const options = { maxBytes: 16, contentType: 'application/x-ndjson' }
  expect(describeValue(bytes, redactor, options)).toEqual({
    value: '{"a":1}\n{"a":1}\n',
    isTruncated: true,
  })
})

it('a redactor gets no more of a text, a key or a form than is shown, and the markers still count all that is left out', () => {
  const lengths: number[] = []
  const noting = {
    ...redactor,
    form: (text: string) => {
      lengths.push(text.length)
      return redactor.form(text)
    },
  }
  const form = new URLSearchParams('k=v&'.repeat(100_000))
  describeValue(form, noting, { maxBytes: 1_000 })
  expect(Math.max(...lengths)).toBeLessThan(2_100)
  const long = 'x=y '.repeat(500_000)
  const options = { maxBytes: MEBIBYTE }
  const [key = ''] = Object.keys(describeValue({ [long]: 1 }, redactor, options).value as object)
  const { text } = describeValue({ text: long }, redactor, options).value as { text: string }
  for (const cut of [key, text]) {
    const [, kept = '', left = 0] = /^(.*)\[truncated: (\d+) bytes\]$/.exec(cut) ?? []
    expect(kept.length + Number(left)).toBe(long.length)
  }
})

it('bigints are written as digits, and NaN and infinity by name', () => {
  const value = { id: 12345678901234567890n, a: Number.POSITIVE_INFINITY, b: Number.NaN }
  expect(describeValue(value, redactor, KEPT).value).toEqual({
    id: '12345678901234567890',
    a: 'Infinity',
    b: 'NaN',
  })
})

it('integers of a parsed body that may have been rounded are marked', () => {
  const body = JSON.parse('{"id":1234567890123456789,"list":[9007199254740991,1.5,-1e300]}') as {
    id: number
  }
  const wireSize = { maxBytes: 100, isExact: true }
  expect(describeValue(body, redactor, { ...KEPT, wireSize }).value).toEqual({
    id: '[inexact: 1234567890123456800]',
    list: [9007199254740991, 1.5, '[inexact: -1e+300]'],
  })
  expect(typeof body.id).toBe('number')
  expect(describeValue(body, redactor, KEPT).value).toEqual(body)
})

it('a value that cannot be read, such as a revoked Proxy, becomes a marker', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(describeValue(proxy, redactor, KEPT).value).toBe('[unreadable]')
})

it('isTruncated is true when anything was left out, because of the length, the number of values or the budget', () => {
  const texts = { a: 'x'.repeat(70_000) }
  const list = Array.from({ length: 20_000 }, (_, at) => at)
  const keys = Object.fromEntries(list.map((at) => [`k${at}`, at]))
  const deep: unknown = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`)
  const described = (value: unknown) =>
    describeValue(value, redactor, { ...KEPT, budget: new WorkBudget() }).isTruncated
  for (const value of [texts, list, { list }, keys, deep, new Map(Object.entries(keys))])
    expect(described(value)).toBe(true)
  expect(describeValue(keys, redactor, { ...KEPT, budget: new WorkBudget(100) }).isTruncated).toBe(
    true,
  )
  for (const value of [{ a: 'x'.repeat(65_000) }, { list: list.slice(0, 5_000) }, 'a]', '[a]'])
    expect(described(value)).toBe(false)
})
