// happy path before and after blocks: ns per app.inject
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

const limit = process.argv[2] === 'off' ? false : 500
const app = Fastify()
await app.register(scsPlugin, { source: 'b', audit: false })
await app.register(slowCall, { maxMs: 600000, blockedAfterMs: limit, onBlocked: () => {} })
app.get('/', async () => ({ a: 1, b: 'x' }))
app.get('/block', async () => {
  const e = performance.now() + 2500
  while (performance.now() < e);
  return 1
})
await app.listen({ port: 0, host: '127.0.0.1' })
await new Promise((r) => setTimeout(r, 400))
const turn = async () => {
  const c = process.cpuUsage()
  for (let i = 0; i < 8000; i++) await app.inject('/')
  const d = process.cpuUsage(c)
  return (d.user + d.system) / 8
}
for (let i = 0; i < 6; i++) await turn()
const med = (a) => a.sort((x, y) => x - y)[a.length >> 1]
const many = async () => {
  const r = []
  for (let i = 0; i < 7; i++) r.push(await turn())
  return med(r)
}
const before = await many()
await new Promise((r) => setTimeout(r, 300))
await app.inject('/block')
await new Promise((r) => setTimeout(r, 300))
for (let i = 0; i < 3; i++) await turn()
const after = await many()
console.log(
  process.version,
  limit,
  'before',
  before.toFixed(0),
  'after',
  after.toFixed(0),
  'ns/inject ratio',
  (after / before).toFixed(3),
  JSON.stringify(app.slowCall.stats().blocked),
)
await new Promise((r) => setTimeout(r, 300))
console.log(JSON.stringify(app.slowCall.stats().blocked))
await app.close()
