import { expect, it } from 'vitest'
import { catalogOf, coded } from '../../src/kit/coded.js'

const errors = {
  MissingError: coded('T_ERR_MISSING', 'No %s for %s', 'Give one.'),
  BusyError: coded('T_ERR_BUSY', 'Busy', 'Wait.', 503),
  other: () => undefined,
}

it('an error has its code, its message with the values, its status and its cause', () => {
  const cause = new Error('why')
  const error = new errors.MissingError('name', 3)
  expect(error).toMatchObject({ code: 'T_ERR_MISSING', message: 'No name for 3', statusCode: 500 })
  expect(new errors.BusyError()).toMatchObject({ statusCode: 503 })
  expect(Object.assign(error, { cause }).cause).toBe(cause)
})

it('a catalogue is read from the errors of a module', () => {
  expect(catalogOf(errors)).toEqual({
    T_ERR_MISSING: { message: 'No %s for %s', fix: 'Give one.' },
    T_ERR_BUSY: { message: 'Busy', fix: 'Wait.' },
  })
})
