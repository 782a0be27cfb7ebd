import { expect, it } from 'vitest'
import { PostgresDatabase } from '../postgres-server.ts'

it('passes, after it has used PostgreSQL', async () => {
  const database = await PostgresDatabase.create()
  const [row] = await database.admin('SELECT version()')
  await database.remove()
  expect(row.version).toMatch(/PostgreSQL/)
})
