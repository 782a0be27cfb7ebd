import { keepBody, keptJsonOf } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { storableJson, storableText } from '../../src/record/text.js'

it('a text that is cut to a length keeps whole characters', () => {
  const text = `x${'😀'.repeat(10)}`
  for (let max = 1; max <= text.length; max += 1) {
    const cut = storableText(text, max)
    expect(cut).not.toMatch(/[\p{Surrogate}\ufffd]/u)
    expect(cut.length).toBeGreaterThanOrEqual(max - 1)
  }
})

it('half a surrogate pair and NUL, which no database keeps, are replaced', () => {
  expect(storableText('a\ud83d\0b')).toBe('a\ufffd\ufffdb')
})

it('takes JSON that was kept as text as it is, and does not parse it', () => {
  const record = { status: 'Completed\0', data: null, output: null }
  const kept = (json: string) => ({
    json,
    isTruncated: false,
    get value(): never {
      throw new Error('it was parsed')
    },
  })
  keepBody(record, 'data', kept('{"a":[1]}'))
  keepBody(record, 'output', kept('[]'))
  const written = storableJson(record)
  expect(JSON.parse(written)).toEqual({ status: 'Completed\ufffd', data: { a: [1] }, output: [] })
  expect(keptJsonOf(record)?.size).toBe(2)
})
