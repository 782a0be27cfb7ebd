// Loads things in the order given and prints after each whose dispatchers are the global ones then, and on whose connections each
// undici calls: `node loading-order.mjs <name> <name> ...`, names being log, fetch, undici6, undici7, undici8.
import { createServer } from 'node:http'

const SLOTS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2']
const loaded = new Map()

const load = {
  log: async () => {
    const { default: Fastify } = await import('fastify')
    const { default: scsPlugin } = await import('@fastify-scs/core')
    const { default: integrationLog } = await import('@fastify-scs/integration-log')
    const app = Fastify()
    await app.register(scsPlugin, { source: 'loader', audit: false })
    const services = { payments: { origin: 'http://127.0.0.1:1' } }
    await app.register(integrationLog, { services, observe: true })
    await app.ready()
    // Opens the connections of the service.
    if (typeof app.integrations.service('payments').dispatcher.request !== 'function')
      throw new Error('no request')
  },
  fetch: async () => await (await fetch('data:,x')).text(),
  undici6: async () => loaded.set('undici6', await import('undici6')),
  undici7: async () => loaded.set('undici7', await import('undici')),
  undici8: async () => loaded.set('undici8', await import('undici8')),
}

const ownerOf = (dispatcher) => {
  if (dispatcher === undefined) return 'none'
  for (const [name, { Agent }] of loaded) if (dispatcher instanceof Agent) return name
  const { name } = dispatcher.constructor
  return name === 'Agent' ? 'Node' : name
}

const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const url = `http://127.0.0.1:${server.address().port}/`

async function look() {
  const seen = {}
  for (const slot of SLOTS) {
    seen[slot] = ownerOf(globalThis[Symbol.for(slot)])
    seen[`${slot} exists`] = Symbol.for(slot) in globalThis
  }
  for (const [name, { request, getGlobalDispatcher }] of loaded) {
    seen[name] = ownerOf(getGlobalDispatcher())
    seen[`${name} answers`] = await (await request(url)).body.text().catch(String)
  }
  return seen
}

const seen = [await look()]
for (const name of process.argv.slice(2)) {
  await load[name]()
  seen.push(await look())
}
server.closeAllConnections()
server.close()
console.log(JSON.stringify(seen))
process.exit(0)
