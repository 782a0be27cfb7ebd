import { startServer } from '../../dist/measure/contestant.js'

const server = await startServer({
  module: new URL('tiny-server.mjs', import.meta.url),
  variant: 'one',
  request: { method: 'GET', path: '/' },
  expectedStatus: 200,
})
process.send({ pid: server.pid })
