import { expect, it } from 'vitest'
import { PostgresDatabase } from '../postgres-server.ts'

it('fails, after it has used PostgreSQL', async () => {
  const database = await PostgresDatabase.create()
  const [row] = await database.admin('SELECT version()')
  await database.remove()
  expect(row.version).toBe('none')
})
