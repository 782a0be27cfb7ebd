import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import { startPaymentProvider } from './payment-provider.js'
import { runScript } from './run-script.js'
import { showIntegrations } from './show-integrations.js'
import { showStore } from './show-store.js'

const DEFAULT_PORT = 3000

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, port: { type: 'string' } },
})
const folder = join(import.meta.dirname, '..', 'var')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const paths = {
  auditLog: join(folder, 'audit.log'),
  applicationLog: join(folder, 'app.log'),
  database: join(folder, 'scs.db'),
}

const print = (text: string): void => console.log(text)
const provider = await startPaymentProvider()
const app = await buildApp({ ...paths, paymentOrigin: provider.origin })
app.addHook('onClose', async () => provider.close())
const address = await listen(app, values.port)
console.log(`The orders service listens on ${address}`)
await runScript(address, paths, print)
await app.errorReporter.flush()
await app.integrations.settled()
await showStore(app.scsStore, print)
await showIntegrations(app.integrations, print)
console.log(
  `\nThe audit log is ${paths.auditLog}\nThe application log is ${paths.applicationLog}\nThe store is ${paths.database}`,
)

if (values.once) {
  await app.close()
} else {
  console.log(`\nStill serving on ${address}; Ctrl-C ends it. Try:`)
  console.log(`  curl -i -H 'accept: application/problem+json' ${address}/nowhere`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.close())
  }
}

/** Listens on the port that was asked for; without one on 3000, or on a free one when that is taken. */
async function listen(service: FastifyInstance, port: string | undefined): Promise<string> {
  const host = '127.0.0.1'
  if (port !== undefined) return service.listen({ host, port: Number(port) })
  try {
    return await service.listen({ host, port: DEFAULT_PORT })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return service.listen({ host, port: 0 })
  }
}
