// Answers three calls and ends without closing the app.
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const app = Fastify()
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(store, { url: `sqlite:${process.argv[2]}` })
await app.register(slowCall)
app.get('/', () => 'ok')
await app.ready()
for (let call = 0; call < 3; call++) await app.inject('/')
process.exit(0)
