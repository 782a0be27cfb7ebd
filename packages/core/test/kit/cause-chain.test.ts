import { expect, it } from 'vitest'
import { findInCauses, MAX_CAUSES } from '../../src/kit/cause-chain.js'

const codeOf = (error: { readonly code?: unknown }): unknown => error.code

/** An error with so many causes, of which the deepest has a code. */
function chainOf(causes: number): object {
  let error: object = { code: 'DEEP' }
  for (let at = 0; at < causes; at++) error = { cause: error }
  return error
}

it('the nearest of the error and its causes that answers is taken', () => {
  const thrown = { cause: { code: 'NEAR', cause: { code: 'FAR' } } }
  expect(findInCauses(thrown, codeOf)).toBe('NEAR')
  expect(findInCauses({ code: 'OWN', cause: thrown }, codeOf)).toBe('OWN')
})

it('as many causes are followed as the limit says, and not one more', () => {
  expect(findInCauses(chainOf(MAX_CAUSES), codeOf)).toBe('DEEP')
  expect(findInCauses(chainOf(MAX_CAUSES + 1), codeOf)).toBeUndefined()
})

it('a circle ends, and so does a cause that is no object', () => {
  const circle: { cause?: unknown } = {}
  circle.cause = circle
  let reads = 0
  expect(findInCauses(circle, () => void reads++)).toBeUndefined()
  expect(reads).toBe(MAX_CAUSES + 1)
  expect(findInCauses({ cause: 'a text' }, codeOf)).toBeUndefined()
  expect(findInCauses(undefined, codeOf)).toBeUndefined()
})

it('a getter that throws ends the chain', () => {
  const thrown = {
    get cause(): unknown {
      throw new Error('do not read')
    },
  }
  expect(findInCauses(thrown, codeOf)).toBeUndefined()
})
