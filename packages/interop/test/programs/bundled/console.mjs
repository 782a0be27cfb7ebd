// A service with the console. Its first argument is the folder of the page, if there is one.
import scsConsole from '@fastify-scs/console'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

show().catch(({ code, message }) => console.log(JSON.stringify({ failure: { code, message } })))

async function show() {
  const [pageFolder] = process.argv.slice(2)
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(scsConsole, {
    authorize: () => true,
    ...(pageFolder === undefined ? {} : { pageFolder }),
  })
  const page = await app.inject('/_scs/')
  const [script] = /assets\/[\w-]+\.js/.exec(page.body) ?? []
  const asset = await app.inject(`/_scs/${script}`)
  await app.close()
  console.log(JSON.stringify({ statuses: [page.statusCode, asset.statusCode] }))
}
