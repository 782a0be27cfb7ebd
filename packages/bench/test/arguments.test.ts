import { describe, expect, it } from 'vitest'
import { DEFAULT_PAIRS, DEFAULT_ROUNDS, parseArguments } from '../src/arguments.js'

describe('parseArguments', () => {
  it('has a default for everything', () => {
    expect(parseArguments([])).toEqual({
      scenarios: [],
      pairs: DEFAULT_PAIRS,
      rounds: DEFAULT_ROUNDS,
      json: false,
      check: false,
    })
  })

  it('reads names and options in any order', () => {
    const argv = ['abort', '--pairs', '10', '--json', 'happy-path', '--rounds=2', '--check']
    expect(parseArguments(argv)).toEqual({
      scenarios: ['abort', 'happy-path'],
      pairs: 10,
      rounds: 2,
      json: true,
      check: true,
    })
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
