import scsPlugin, { ServiceError, scsLogger } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import Fastify from 'fastify'

/*
 * Another service of the same company, which answers with PyMacaron's Error model.
 */

class LedgerClosedError extends ServiceError {
  static override readonly code = 'LEDGER_CLOSED'
  static override readonly status = 503
}

/** A running customers service. */
export interface CustomersService {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly origin: string
  close(): Promise<void>
}

/** Starts it on a free port. */
export async function startCustomersService(logPath: string): Promise<CustomersService> {
  const app = Fastify({ logger: scsLogger({ source: 'customers', file: { path: logPath } }) })
  await app.register(scsPlugin, { source: 'customers', errorFormat: 'pymacaron', audit: false })
  await app.register(errorReporter, { environment: 'demo' })
  app.get('/orders/:id/customer', async () => {
    throw new LedgerClosedError('The books are being closed; please come back in an hour', {
      description: 'table ledger is locked by the nightly job',
    })
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { origin, close: () => app.close() }
}
