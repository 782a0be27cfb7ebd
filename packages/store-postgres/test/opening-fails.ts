import { inspect } from 'node:util'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { expect } from 'vitest'
import { PostgresStore, type PostgresStoreOptions } from '../src/index.js'
import { PASSWORD } from './postgres-server.js'

/** The error that opening rejects with, after looking that nothing of it shows the password. */
export async function openingFails(
  url: string,
  options: PostgresStoreOptions = {},
): Promise<Error> {
  const store = new CheckedAdapter(new PostgresStore(url, options))
  try {
    const error: unknown = await store.open().then(
      () => 'it opened',
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error, { depth: 10 })).not.toContain(PASSWORD)
    return error as Error
  } finally {
    await store.close()
  }
}
