import { createRedactor } from '@fastify-scs/core'
import type { QueriesFact } from '@fastify-scs/query-log'
import { describe, expect, it } from 'vitest'
import { queriesFact } from '../../src/fact/queries-fact.js'
import { AppQueries } from '../../src/noting/app-queries.js'
import { RequestNotes } from '../../src/noting/request-notes.js'
import { resolveOptions } from '../../src/options.js'

const MAX_BYTES = 49_152

function factOf(statements: readonly string[], options = {}): QueriesFact {
  const redactor = createRedactor({ keys: ['iban'] })
  const notes = new RequestNotes(
    new AppQueries(resolveOptions(options), redactor, console as never),
  )
  for (const statement of statements)
    notes.begin({ system: 'postgresql', statement }).end({ rows: 123_456, error: new Error('x') })
  return queriesFact(notes, redactor)
}

function bytesOf(fact: QueriesFact): number {
  return Buffer.byteLength(JSON.stringify(fact))
}

function checkIndices({ statements, list }: QueriesFact): void {
  for (const { statement } of list) expect(statements[statement]).toBeDefined()
}

describe('the fact stays within 48 KB', () => {
  it.each([
    ['one statement a thousand times', () => 'SELECT 1'],
    ['a thousand statements', (index: number) => `SELECT * FROM t${index}`],
    ['long ones', (index: number) => `SELECT ${'column, '.repeat(400)} FROM t${index}`],
    ['in another script', (index: number) => `SELECT ${'注文, '.repeat(400)} FROM t${index}`],
    [
      'with halves of characters',
      (index: number) => `SELECT ${'\ud800'.repeat(4_000)} FROM t${index}`,
    ],
  ])('%s', (_what, statement) => {
    const fact = factOf(
      Array.from({ length: 1_000 }, (_, index) => statement(index)),
      { maxQueries: 1_000 },
    )
    expect(bytesOf(fact)).toBeLessThan(MAX_BYTES)
    expect(fact.count).toBe(1_000)
    expect(fact.list.length).toBeGreaterThan(50)
    expect(fact.leftOut).toBe(1_000 - fact.list.length)
    checkIndices(fact)
  })
})

it('a statement is cut to 1,000 characters, behind its literals', () => {
  const { statements } = factOf([
    `SELECT '${'x'.repeat(3_000)}', a FROM t WHERE ${'b = 1 AND '.repeat(200)}`,
  ])
  expect(statements[0]?.text).toMatch(/^SELECT \?, a FROM t WHERE b = \? AND .*…$/)
  expect(statements[0]?.text).toHaveLength(1_000)
})

it('what the redactor knows as a secret is not in it, also where it is no literal', () => {
  const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
  const fact = factOf([`SELECT ${secret}`, `SELECT * FROM "${secret}"`])
  expect(JSON.stringify(fact)).not.toContain(secret)
})

it('different statements that become the same one are one', () => {
  const { statements, list } = factOf(['SELECT 1', 'SELECT  2', 'SELECT a', 'SELECT 3 -- x'])
  expect(statements).toMatchObject([
    { text: 'SELECT ?', times: 3 },
    { text: 'SELECT a', times: 1 },
  ])
  expect(list.map(({ statement }) => statement).sort()).toEqual([0, 0, 0, 1])
})

it('a placeholder behind a name that is one of secrets is shown as it is', () => {
  const { statements } = factOf(['SELECT a FROM t WHERE password = $1 AND b = $2'])
  expect(statements[0]?.text).toBe('SELECT a FROM t WHERE password = ? AND b = ?')
})
