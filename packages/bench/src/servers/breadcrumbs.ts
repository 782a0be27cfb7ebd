import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { serveVariant } from './serve-variant.js'

/** What the handler logs beside the two lines that Fastify writes for each request. */
type Logs = 'nothing' | 'three-lines'

async function build(logs: Logs, breadcrumbs: boolean): Promise<FastifyInstance> {
  // As Fastify logs by default, to a file that takes all and keeps nothing.
  const app = Fastify({ logger: { level: 'info', file: '/dev/null' } })
  await app.register(scsPlugin, { source: 'bench', audit: false, breadcrumbs })
  const write = logs === 'nothing' ? () => undefined : threeLines
  return app.get('/', (request) => {
    write(request)
    return { id: 42, name: 'teapot', isShort: true }
  })
}

function threeLines({ log }: FastifyRequest): void {
  log.info('Looking for the teapot')
  log.info({ id: 42, shelf: 'kitchen' }, 'Found the teapot')
  log.info({ isShort: true }, 'It is short')
}

await serveVariant({
  'nothing-without': () => build('nothing', false),
  nothing: () => build('nothing', true),
  'three-lines-without': () => build('three-lines', false),
  'three-lines': () => build('three-lines', true),
})
