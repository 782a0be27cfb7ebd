import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  describeValidation,
  isPlainObject,
  isValidationError,
} from '../../src/errors/foreign-error.js'

it('a plain object has no class, in whichever realm it was made', () => {
  const plain = [{}, Object.create(null), runInNewContext('({})')] as object[]
  const others = [new Error('x'), new Date(), [], Object.create({})] as object[]
  expect(plain.map(isPlainObject)).toEqual([true, true, true])
  expect(others.map(isPlainObject)).toEqual([false, false, false, false])
})

const validators = ['AssertError', 'ValiError', 'ValidationError', 'ZodError', '$ZodError']

it.each([
  { serialization: {} },
  { validation: true },
  { validation: [] },
  ...validators.map((name) => ({ name })),
])('%j is the error of a validator', (error) => {
  expect(isValidationError(error)).toBe(true)
})

it.each([{ validation: 'x' }, { validation: false }, { name: undefined }, { name: 'Error' }])(
  '%j is not the error of a validator',
  (error) => {
    expect(isValidationError(error)).toBe(false)
  },
)

describe('what is wrong with a request', () => {
  it.each([
    [{ instancePath: '/a/0', message: 'must be a number' }, 'body/a/0', 'must be a number'],
    [{ path: '.a', message: 'old Ajv' }, 'body.a', 'old Ajv'],
    [{ instancePath: '', params: { missingProperty: 'id' } }, 'body/id', 'is not valid'],
    [{ instancePath: '/a', params: { additionalProperty: 'x' } }, 'body/a/x', 'is not valid'],
    [{ message: 7 }, 'body', 'is not valid'],
    [null, 'body', 'is not valid'],
    [undefined, 'body', 'is not valid'],
  ])('of %j the place and the reason are told', (error, path, message) => {
    expect(describeValidation([error], 'body')).toEqual([{ path, message }])
  })

  it('stands where the validator says, when the part of the request is not known', () => {
    expect(describeValidation([{ instancePath: '/a', message: 'x' }], undefined)).toEqual([
      { path: '/a', message: 'x' },
    ])
  })
})
