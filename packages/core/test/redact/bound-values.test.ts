import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const { value } = createRedactor()

describe('what a driver has bound and keeps on the error is hidden', () => {
  it.each([
    ['ioredis 6, @redis/client 6', { command: { name: 'lpush', args: ['people', 'canary'] } }],
    ['TypeORM 0.3, Sequelize 6', { parameters: ['canary'] }],
    ['Drizzle 0.44', { params: ['canary'] }],
    ['Knex 3', { bindings: ['canary'] }],
    ['MongoDB 7', { keyValue: { email: 'canary' } }],
    ['mysql2 3', { sql: "INSERT INTO t (email) VALUES ('canary')" }],
    ['pg 8', { detail: 'Key (email)=(canary) already exists.' }],
  ])('%s', (_driver, properties) => {
    const error = Object.assign(new Error('it failed'), properties)
    expect(JSON.stringify(value({ error }))).not.toContain('canary')
    expect(JSON.stringify(value({ error }))).toContain('[redacted]')
  })

  it('and elsewhere is not', () => {
    const data = { command: { name: 'lpush', args: ['people'] }, params: { page: 'two' } }
    expect(value(data)).toEqual(data)
  })
})
