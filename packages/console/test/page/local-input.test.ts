import { describe, expect, it } from 'vitest'
import { localInputOf, timeOfLocalInput } from '../../page/lists/local-input.js'

describe('a field for a time in the reader’s zone', () => {
  it('shows a time of UTC and gives the same back', () => {
    const time = '2026-11-26T12:30:00.000Z'
    expect(timeOfLocalInput(localInputOf(time))).toBe(time)
    expect(timeOfLocalInput(localInputOf(String(Date.parse(time))))).toBe(time)
  })

  it('is empty for no time and for what is none', () => {
    expect([localInputOf(undefined), localInputOf('soon'), timeOfLocalInput('')]).toEqual([
      '',
      '',
      '',
    ])
    expect(timeOfLocalInput('2026-99-99T00:00')).toBe('')
  })
})
