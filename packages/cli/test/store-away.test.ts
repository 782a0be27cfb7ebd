import type { FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { PostgresServer } from '../../store-postgres/test/postgres-server.js'
import { startService } from './fill-store.js'
import { jsonOf, type Running, startProgram } from './run-program.js'

let server: PostgresServer | undefined
let service: FastifyInstance | undefined
let tail: Running | undefined
afterEach(async () => {
  tail?.process.kill('SIGKILL')
  await service?.close()
  await server?.remove()
})

it('tail -f waits for a database that is away, and goes on with what has come meanwhile', async () => {
  server = await PostgresServer.start()
  service = await startService(server.url())
  await service.inject('/crash')
  await service.scsStore.flush()
  const args = ['--store', server.url(), 'tail', '-f', 'audit', '-n', '5', '--every', '100']
  tail = startProgram(args)
  await tail.said('order-noted')
  await server.stop()
  await tail.said(/SCS_STORE_ERR_UNAVAILABLE.* Waiting for it\./)
  // It is kept in the outbox of the service, and stored later.
  await service.inject('/crash')
  await server.again()
  await tail.said('The store is back.')
  await expect.poll(() => jsonOf(tail?.out() ?? '')).toHaveLength(2)
  tail.process.kill('SIGINT')
  const { code, err } = await tail.ended
  expect(code).toBe(0)
  expect(err).not.toMatch(/^\s+at /m)
})
