import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { HeldStatements } from '../../src/noting/held-statements.js'

const MEGABYTE = 1_048_576

/** Bytes of the heap that are in use once the garbage is gone. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

function texts(statements: HeldStatements): string[] {
  return [...statements.all].map(({ normalised }) => normalised)
}

describe('the statements of a request', () => {
  it('are each held once, and kept apart by their database', () => {
    const statements = new HeldStatements()
    const first = statements.of('postgresql', 'SELECT "a" FROM t WHERE b = 1')
    expect(statements.of('postgresql', 'SELECT "a" FROM t WHERE b = 1')).toBe(first)
    const other = statements.of('mysql', 'SELECT "a" FROM t WHERE b = 1')
    expect(other).not.toBe(first)
    expect(statements.of('mysql', 'SELECT "a" FROM t WHERE b = 1')).toBe(other)
    expect(texts(statements)).toEqual([
      'SELECT "a" FROM t WHERE b = ?',
      'SELECT ? FROM t WHERE b = ?',
    ])
  })

  it('are told apart, and found again, whichever was the one before', () => {
    const statements = new HeldStatements()
    const asked = [
      ['postgresql', 'SELECT 1'],
      ['postgresql', 'SELECT 1'],
      ['mysql', 'SELECT 1'],
      ['mysql', 'SELECT 2'],
      ['mysql', 'SELECT 1'],
      ['postgresql', 'SELECT 1'],
      ['postgresql', 'x'.repeat(5_000)],
      ['postgresql', 'x'.repeat(5_000)],
    ] as const
    const found = asked.map(([system, text]) => statements.of(system, text))
    const all = [...statements.all]
    expect(found.map((one) => all.indexOf(one))).toEqual([0, 0, 1, 2, 1, 0, 3, 3])
    expect(found.map((one) => one.system)).toEqual(asked.map(([system]) => system))
  })

  it('that are functions are called once and at once', () => {
    const statements = new HeldStatements()
    let calls = 0
    const statement = statements.of('redis', () => {
      calls += 1
      return 'GET  ?'
    })
    expect([calls, statement.normalised, calls]).toEqual([1, 'GET ?', 1])
  })

  it('of a megabyte each are not held whole', () => {
    const statements = new HeldStatements()
    const before = usedBytes()
    for (let index = 0; index < 100; index += 1) {
      const text = `SELECT t${index} `.repeat(MEGABYTE / 10)
      statements.of('postgresql', text)
    }
    expect(usedBytes() - before).toBeLessThan(10 * MEGABYTE)
    expect(texts(statements)).toHaveLength(100)
    expect(texts(statements)[0]).toMatch(/^SELECT t0 SELECT t0 .*…$/)
  })

  it('that have their values in them count as one once there are too many to hold', () => {
    const statements = new HeldStatements()
    for (let index = 0; index < 1_000; index += 1)
      statements.of('postgresql', `SELECT * FROM t WHERE a = ${index}`).times += 1
    const all = [...statements.all]
    expect(all.length).toBe(201)
    expect(all.at(-1)?.times).toBe(800)
    expect(new Set(texts(statements)).size).toBe(1)
  })

  it('are counted together where there is no end of different ones', () => {
    const statements = new HeldStatements()
    let last = statements.of('postgresql', 'SELECT 1')
    for (let index = 0; index < 1_000; index += 1)
      last = statements.of('postgresql', `SELECT * FROM t${index}`)
    expect([...statements.all]).toHaveLength(400)
    expect(statements.isTold(last)).toBe(false)
    expect(statements.isTold(statements.of('postgresql', 'SELECT 1'))).toBe(true)
  })
})
