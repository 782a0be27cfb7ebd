import { describe, expect, it } from 'vitest'
import { mongoStatementOf } from '../../src/drivers/mongo-statement.js'

const CANARY = 'canary-7f3a'

describe('what is told of a MongoDB command', () => {
  it('is its name, its collection and the fields that it asks by', () => {
    const command = {
      find: 'orders',
      filter: { customer: CANARY, total: { $gt: 5 }, state: { $in: ['a', 'b', 'c'] } },
      sort: { at: -1 },
      limit: 5,
      lsid: { id: CANARY },
      $db: 'shop',
    }
    expect(mongoStatementOf('find', command)).toBe(
      'find orders { customer: ?, total: { $gt: ? }, state: { $in: [?] } } { at: ? }',
    )
  })

  it('is that of each kind of command', () => {
    const q = { _id: CANARY }
    const u = { $set: { name: CANARY } }
    expect(mongoStatementOf('insert', { insert: 'orders', documents: [{ a: CANARY }] })).toBe(
      'insert orders',
    )
    expect(
      mongoStatementOf('update', {
        update: 'orders',
        updates: [
          { q, u },
          { q, u },
        ],
      }),
    ).toBe('update orders { _id: ? } { $set: { name: ? } }')
    expect(mongoStatementOf('delete', { delete: 'orders', deletes: [{ q, limit: 1 }] })).toBe(
      'delete orders { _id: ? }',
    )
    expect(
      mongoStatementOf('findAndModify', { findAndModify: 'orders', query: q, update: u }),
    ).toBe('findAndModify orders { _id: ? } { $set: { name: ? } }')
    expect(mongoStatementOf('getMore', { getMore: 12345n, collection: 'orders' })).toBe(
      'getMore orders',
    )
    expect(
      mongoStatementOf('aggregate', {
        aggregate: 'orders',
        pipeline: [{ $match: q }, { $group: { _id: '$customer', sum: { $sum: '$total' } } }],
      }),
    ).toBe('aggregate orders [{ $match: { _id: ? } }, { $group: { _id: ?, sum: { $sum: ? } } }]')
    expect(mongoStatementOf('ping', { ping: 1 })).toBe('ping')
  })

  it('has no key that data has made', () => {
    const filter = { [CANARY]: 1, 'a b': 1, '12345678': 1, 'lines.0.name': 1, 'jo@x.org': 1 }
    expect(mongoStatementOf('find', { find: 'orders', filter })).toBe(
      'find orders { ?: ?, ?: ?, ?: ?, lines.0.name: ?, ?: ? }',
    )
  })

  it('is bounded in depth, in keys and in length', () => {
    let deep: unknown = CANARY
    for (let index = 0; index < 1_000; index++) deep = { and: deep }
    expect(mongoStatementOf('find', { find: 'a', filter: deep })).toBe(
      'find a { and: { and: { and: { and: { … } } } } }',
    )
    const wide = Object.fromEntries(
      [...Array(1_000).keys()].map((key) => [`key${'x'.repeat(key % 9)}${key}`, 1]),
    )
    const filter = { a: wide, b: wide, c: wide, d: wide, e: wide, f: wide }
    expect(mongoStatementOf('find', { find: 'a', filter }).length).toBeLessThan(1_010)
  })

  it('has values in place of what is no plain object', () => {
    const filter = {
      at: new Date(),
      id: new (class ObjectId {})(),
      key: /canary/,
      raw: Buffer.from('a'),
    }
    expect(mongoStatementOf('find', { find: 'a', filter })).toBe(
      'find a { at: ?, id: ?, key: ?, raw: ? }',
    )
  })

  it('is something, whatever the command is', () => {
    for (const command of [undefined, null, 5, 'find', [], { find: { a: 1 } }, { find: 'a b c' }])
      expect(mongoStatementOf('find', command)).toBe('find')
    expect(mongoStatementOf(`${CANARY} x`, {})).toBe('?')
  })
})
