import { describe, expect, it } from 'vitest'
import { bodyShape } from '../../page/bodies/body-shape.js'

const typed = (type: string) => ({ 'content-type': type })

describe('how a body is shown', () => {
  it('is a tree for what was recorded as JSON', () => {
    expect(bodyShape({ a: [1] }, typed('application/json'))).toEqual({
      as: 'json',
      value: { a: [1] },
    })
    expect(bodyShape(42, {})).toEqual({ as: 'json', value: 42 })
  })

  it('is a tree for JSON that was kept as text', () => {
    const shape = bodyShape('{"a":1}', typed('application/problem+json; charset=utf-8'))
    expect(shape).toEqual({ as: 'json', value: { a: 1 } })
  })

  it('is a list of fields for a form', () => {
    const shape = bodyShape('a=1+2&b=%3Cb%3E', typed('application/x-www-form-urlencoded'))
    expect(shape).toEqual({
      as: 'form',
      fields: [
        ['a', '1 2'],
        ['b', '<b>'],
      ],
    })
  })

  it('is text for XML, HTML and all else', () => {
    expect(bodyShape('<a/>', typed('application/soap+xml'))).toEqual({
      as: 'text',
      text: '<a/>',
      language: 'xml',
    })
    expect(bodyShape('<script>', typed('text/html'))).toMatchObject({ as: 'text' })
    expect(bodyShape('{broken', typed('application/json'))).toMatchObject({ as: 'text' })
    expect(bodyShape('x', null)).toEqual({ as: 'text', text: 'x', language: 'text' })
  })

  it('is a size for bytes that are not kept', () => {
    expect(bodyShape({ type: 'image/png', bytes: 12, sha256: 'ab' }, typed('image/png'))).toEqual({
      as: 'binary',
      type: 'image/png',
      bytes: 12,
    })
    expect(bodyShape('[truncated: 99 bytes]', {})).toEqual({ as: 'binary', type: null, bytes: 99 })
  })

  it('is a tree for JSON that only looks like a description of bytes', () => {
    const body = { type: 'a', bytes: 1 }
    expect(bodyShape(body, typed('application/json'))).toEqual({ as: 'json', value: body })
    expect(bodyShape({ ...body, more: 1 }, {})).toMatchObject({ as: 'json' })
  })

  it('is nothing for no body', () => {
    expect(bodyShape(null, {})).toEqual({ as: 'none' })
    expect(bodyShape(undefined, undefined)).toEqual({ as: 'none' })
  })
})
