import scsPlugin from '@fastify-scs/core'
import storePlugin, { type Store, type StoreOptions } from '@fastify-scs/store'
import Fastify from 'fastify'

/** Starts a host with the store plugin, as an application does, and returns its store; it ends with the process. */
export async function startedStore(options: StoreOptions): Promise<Store> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  await app.register(storePlugin, options)
  await app.ready()
  return app.scsStore
}
