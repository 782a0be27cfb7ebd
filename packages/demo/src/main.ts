import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import { startCustomersService, startPaymentProvider } from './other-services.js'
import { printerTo } from './paint.js'
import { printHints } from './print-hints.js'
import { runScript, type ScriptRun, watchAnswers } from './run-script.js'
import { seedStore } from './seed/seed-store.js'
import { showIntegrations, showStore } from './show-records.js'

const HOST = '127.0.0.1'
const DEFAULT_PORT = 3000

/** How the demo runs. */
export interface DemoOptions {
  /** Whether it ends after the script. */
  readonly isOnce: boolean
  /** Port to listen on, 0 for any free one. @default 3000, or any free one when that is taken */
  readonly port: number | undefined
  /** Where each run makes a folder of its own for its logs and its database. */
  readonly folder: string
}

/** Starts the service, sends it the script and shows the records of it; then serves until `stop` is aborted. */
export async function runDemo(
  { isOnce, port, folder: runs }: DemoOptions,
  stop: AbortSignal,
): Promise<void> {
  const folder = createFolder(runs)
  if (folder === undefined) return
  const paths = {
    auditLog: join(folder, 'audit.log'),
    applicationLog: join(folder, 'app.log'),
    database: join(folder, 'scs.db'),
  }
  const provider = await startPaymentProvider()
  const customersLog = join(folder, 'customers.log')
  const customers = await startCustomersService(customersLog)
  const origins = { paymentOrigin: provider.origin, customersOrigin: customers.origin }
  const app = await buildApp({ ...paths, ...origins })
  app.addHook('onClose', async () => {
    provider.close()
    await customers.close()
  })
  const answers = watchAnswers(app)
  const print = printerTo(process.stdout)
  stop.addEventListener('abort', () => void app.close())
  try {
    await app.ready()
    // Before anybody can send a request, whose records would come before the week.
    await fillStore(app, print)
    const address = await listen(app, port)
    if (address === undefined) return app.close()
    print(`The orders service listens on ${address}`)
    await showScript(app, address, paths, print, { signal: stop, settled: answers.settled })
    print(`The log of the customers service is ${customersLog}`)
    print(`The store is ${paths.database}`)
    if (isOnce) return app.close()
    printHints(address, print)
  } catch (error) {
    if (!stop.aborted) throw error
  }
}

/** Sends the script, and prints what has become of it. */
async function showScript(
  app: FastifyInstance,
  address: string,
  paths: { readonly auditLog: string; readonly applicationLog: string },
  print: (text: string) => void,
  { signal, settled }: ScriptRun,
): Promise<void> {
  const startedAt = Date.now()
  await runScript(address, paths, print, {
    signal,
    settled: async () => {
      await settled()
      await app.errorReporter.flush()
    },
  })
  await app.integrations.settled()
  await showStore(app.scsStore, startedAt, print)
  await showIntegrations(app.integrations, startedAt, print)
  print(`\nThe audit log is ${paths.auditLog}`)
  print(`The application log is ${paths.applicationLog}`)
}

/** Gives the console something to show. */
async function fillStore(app: FastifyInstance, print: (text: string) => void): Promise<void> {
  const startedAt = performance.now()
  const written = await seedStore(app.scsStore)
  if (written === 0) return
  const tookS = ((performance.now() - startedAt) / 1000).toFixed(1)
  print(`The store holds a week of made-up traffic: ${written} records, made in ${tookS} s`)
}

/** A folder of this run's own, so that a second start leaves the files of the first alone; undefined, after saying why, when it cannot be made. */
function createFolder(runs: string): string | undefined {
  try {
    mkdirSync(runs, { recursive: true })
    return mkdtempSync(join(runs, `${new Date().toISOString().replaceAll(':', '-')}-`))
  } catch (error) {
    console.error(`No folder can be made in ${runs}: ${(error as Error).message}`)
    console.error('Give another --folder, one that this user may write to.')
    process.exitCode = 1
    return undefined
  }
}

/** Listens on the port that was asked for; undefined, after saying why, when it is not free. */
async function listen(
  service: FastifyInstance,
  port: number | undefined,
): Promise<string | undefined> {
  try {
    return await service.listen({ host: HOST, port: port ?? DEFAULT_PORT })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && port === undefined) return service.listen({ host: HOST, port: 0 })
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const reason = code === 'EADDRINUSE' ? 'is in use' : 'needs more rights than this user has'
    console.error(`Port ${port} ${reason}. Give another --port, or none for a free one.`)
    process.exitCode = 1
    return undefined
  }
}
