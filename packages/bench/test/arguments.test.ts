import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../src/arguments.js'

describe('parseArguments', () => {
  it('leaves what is not asked for to the scenarios', () => {
    expect(parseArguments([])).toEqual({ scenarios: [], json: false, check: false })
  })

  it('reads names and options in any order', () => {
    const argv = [
      'abort',
      '--pairs',
      '10',
      '--json',
      'happy-path',
      '--rounds=2',
      '--check',
      '--minutes=3',
    ]
    expect(parseArguments(argv)).toEqual({
      scenarios: ['abort', 'happy-path'],
      pairs: 10,
      rounds: 2,
      minutes: 3,
      json: true,
      check: true,
    })
  })

  it('takes the other checkout from the folder that it runs in', () => {
    expect(parseArguments(['--against', '/before']).against).toBe('/before')
    expect(parseArguments(['--against', 'before']).against).toBe(resolve('before'))
  })

  it.each(['0', '-1', '1.5', 'many', ''])('refuses %j pairs', (text) => {
    expect(() => parseArguments([`--pairs=${text}`])).toThrow('--pairs takes a whole number from 1')
  })

  it('names the option with the wrong count', () => {
    expect(() => parseArguments(['--rounds', 'x'])).toThrow(
      "--rounds takes a whole number from 1, not 'x'",
    )
  })

  it('refuses an option that does not exist', () => {
    expect(() => parseArguments(['--bursts', '3'])).toThrow('--bursts')
  })
})
