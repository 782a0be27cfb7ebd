import { toRow } from '@fastify-scs/store/adapter'
import { expect, it } from 'vitest'
import { newIntegrationRequests } from '../src/store/integration-request.js'

it('makes records of 1.7 KB that a store takes, each with an id and a time of its own', () => {
  const records = newIntegrationRequests(50)
  expect(new Set(records.map(({ id }) => id)).size).toBe(50)
  for (const record of records) {
    expect(() => toRow('test', record)).not.toThrow()
    expect(JSON.stringify(record).length).toBeGreaterThan(1_600)
    expect(JSON.stringify(record).length).toBeLessThan(1_800)
    expect(Date.now() - record.createdAt).toBeLessThan(10_000)
  }
})
