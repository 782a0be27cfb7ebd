import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { PostgresServer } from './postgres-server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the port of the shared PostgreSQL is told; it starts when it is first asked for. */
    readonly sharedPostgres: string
  }
}

/** What makes it cheaper, since nobody stops or kills it in the middle: its data need not survive. */
const UNSAFE = [
  'full_page_writes=off',
  'synchronous_commit=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'jit=off',
]

/** Serves one PostgreSQL to all tests of a run, and removes it at the end. A run that has no use for it starts none. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | undefined
  const broker = createServer((_request, response) => {
    starting ??= PostgresServer.start(UNSAFE)
    starting.then(
      ({ port }) => response.end(String(port)),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  project.provide('sharedPostgres', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  return async () => {
    broker.close()
    broker.closeAllConnections()
    await (await starting?.catch(() => undefined))?.remove()
  }
}
