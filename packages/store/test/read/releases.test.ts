import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isNewerRelease } from '../../src/index.js'

const UNKNOWN: ReadonlyMap<string, number> = new Map()

it('versions are compared as versions, whenever they began', () => {
  const began = new Map([
    ['1.9.0', 2],
    ['1.10.0', 1],
  ])
  expect(isNewerRelease('1.10.0', '1.9.0', began)).toBe(true)
  expect(isNewerRelease('1.9.0', '1.10.0', began)).toBe(false)
  expect(isNewerRelease('v2.0.0', '1.9.0', UNKNOWN)).toBe(true)
  expect(isNewerRelease('1.0.0', '1.0.0-rc.9', UNKNOWN)).toBe(true)
  expect(isNewerRelease('1.0.0-rc.10', '1.0.0-rc.9', UNKNOWN)).toBe(true)
})

it('builds of one version, and what is no version, are compared by when they began', () => {
  for (const [one, other] of [
    ['1.0.0+a', '1.0.0+b'],
    ['9f8e7d6', '1a2b3c4'],
    ['1.0.0', '9f8e7d6'],
    ['1.0', '1.1'],
  ] as const) {
    const began = new Map([
      [one, 5],
      [other, 6],
    ])
    expect([isNewerRelease(one, other, began), isNewerRelease(other, one, began)]).toEqual([
      false,
      true,
    ])
  }
})

it('where it cannot be told, a release counts as newer, but never as newer than itself', () => {
  expect(isNewerRelease('a', 'b', UNKNOWN)).toBe(true)
  expect(isNewerRelease('a', 'b', new Map([['a', 1]]))).toBe(true)
  expect(isNewerRelease('a', 'a', UNKNOWN)).toBe(false)
})

it('of two releases that were noted never both are newer, and only those that began together are neither', () => {
  const release = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.tuple(fc.nat(3), fc.nat(12), fc.nat(3)).map((parts) => parts.join('.')),
  )
  fc.assert(
    fc.property(release, release, fc.nat(5), fc.nat(5), (one, other, oneAt, otherAt) => {
      if (one === other) return
      const began = new Map([
        [one, oneAt],
        [other, otherAt],
      ])
      const answers = [isNewerRelease(one, other, began), isNewerRelease(other, one, began)]
      expect(answers).not.toEqual([true, true])
      if (oneAt !== otherAt) expect(answers).toContain(true)
    }),
  )
})
