import { describe, expect, it } from 'vitest'
import { keepBody, keptJsonOf, putTogether, takeApart } from '../../src/bodies/body.js'
import { described } from './captured.js'

const JSON_TYPE = 'application/json'

function recordOf(text: string): { data: unknown } {
  const record = { data: null, status: 'Completed' }
  keepBody(record, 'data', described(text, JSON_TYPE))
  return record
}

describe('a JSON body with nothing to hide', () => {
  it('stays text until its field is read', () => {
    const record = recordOf('{"a": [1]}')
    expect(keptJsonOf(record)?.get('data')).toBe('{"a": [1]}')
    expect(record.data).toEqual({ a: [1] })
    expect(keptJsonOf(record)).toBeUndefined()
  })

  it('is the same object at each read, and may be changed', () => {
    const record = recordOf('{"a":1}')
    Object.assign(record.data as object, { a: 2 })
    expect(record.data).toEqual({ a: 2 })
  })

  it('is JSON when the record is written or copied', () => {
    expect(JSON.stringify(recordOf('{"a":1}'))).toBe('{"data":{"a":1},"status":"Completed"}')
    expect(structuredClone(recordOf('{"a":1}'))).toEqual({ data: { a: 1 }, status: 'Completed' })
    const copy = { ...recordOf('{"a":1}') }
    expect(copy.data).toEqual({ a: 1 })
    expect(keptJsonOf(copy)).toBeUndefined()
  })

  it('is replaced by a value that is set', () => {
    const record = Object.assign(recordOf('{"a":1}'), { data: 'other' })
    expect(record.data).toBe('other')
    expect(keptJsonOf(record)).toBeUndefined()
  })

  it('is parsed at once when it has a secret', () => {
    const record = recordOf('{"password":"x"}')
    expect(keptJsonOf(record)).toBeUndefined()
    expect(record.data).toEqual({ password: '[redacted]' })
  })

  it('goes to another thread as text, which is put into the copy', () => {
    const record = recordOf('{"a": [1]}')
    const apart = takeApart(record)
    expect(apart?.rest).toEqual({ status: 'Completed' })
    expect(keptJsonOf(record)?.size).toBe(1)
    const copy = putTogether(structuredClone(apart ?? { rest: {}, texts: new Map() }))
    expect(keptJsonOf(copy)?.get('data')).toBe('{"a": [1]}')
    expect(copy).toEqual({ data: { a: [1] }, status: 'Completed' })
    expect(takeApart(copy)).toBeUndefined()
  })
})
