import scsPlugin from '@fastify-scs/core'
import integrationLog from '@fastify-scs/integration-log'
import storePlugin from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Caller, HEADERS, type MakeCaller, plainFetch, plainRequest } from './plain-callers.js'

const INIT = { method: 'POST', headers: HEADERS } as const

/** The service's fetch with both bodies, each record dropped once it is made. */
export const serviceFetch: MakeCaller = async (origin) => fetchOf(await dropping(origin))

/** The same, with the bodies of failed calls only, of which there are none. */
export const failedOnlyFetch: MakeCaller = async (origin) =>
  fetchOf(await dropping(origin, { bodies: 'failed' }))

/** The same, with the store in memory. */
export const storedServiceFetch: MakeCaller = async (origin) => {
  const app = await withLog(origin)
  await app.register(storePlugin, { url: 'memory:' })
  await app.ready()
  const { call } = fetchOf(app)
  return {
    call,
    settle: async () => {
      await app.integrations.settled()
      if (!(await app.scsStore.flush())) throw new Error('The store does not take the records')
    },
  }
}

/** undici's request over the connections of the service. */
export const serviceRequest: MakeCaller = async (origin) =>
  requestOf(await dropping(origin), origin)

/** The same, with the bodies of failed calls only. */
export const failedOnlyRequest: MakeCaller = async (origin) =>
  requestOf(await dropping(origin, { bodies: 'failed' }), origin)

/** The built-in fetch, only observed. */
export const observedFetch: MakeCaller = async (origin) => {
  const app = await dropping(origin, { observe: true })
  return { ...(await plainFetch(origin)), settle: () => app.integrations.settled() }
}

/** undici's request, only observed; its channels tell the bodies. */
export const observedRequest: MakeCaller = async (origin) => {
  const app = await dropping(origin, { observe: true })
  return { ...(await plainRequest(origin)), settle: () => app.integrations.settled() }
}

function fetchOf(app: FastifyInstance): Caller {
  const payments = app.integrations.service('payments')
  return {
    call: async (payment) => {
      const response = await payments.fetch('/payments', { ...INIT, body: payment })
      return response.text()
    },
    settle: () => app.integrations.settled(),
  }
}

async function requestOf(app: FastifyInstance, origin: string): Promise<Caller> {
  const { request } = await import('undici')
  const { dispatcher } = app.integrations.service('payments')
  return {
    call: async (payment) => {
      const { body } = await request(`${origin}/payments`, { ...INIT, body: payment, dispatcher })
      return body.text()
    },
    settle: () => app.integrations.settled(),
  }
}

/** What differs from caller to caller. */
interface LogSettings {
  readonly bodies?: 'always' | 'failed'
  readonly observe?: boolean
}

/** An app whose store is a hole, so that the record is paid for and its storage is not. */
async function dropping(origin: string, settings?: LogSettings): Promise<FastifyInstance> {
  const app = await withLog(origin, settings)
  app.decorate('scsStore', { write: () => {}, beforeLastFlush: () => () => {} } as never)
  await app.ready()
  return app
}

async function withLog(origin: string, settings: LogSettings = {}): Promise<FastifyInstance> {
  const { bodies = 'always', observe = false } = settings
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  await app.register(integrationLog, { services: { payments: { origin, bodies } }, observe })
  return app
}
