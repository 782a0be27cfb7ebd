// A process that services of stories run in, one at a time: it starts one when the test says so, and closes it when the test has
// done with it. Starting a process costs more than starting a service.
import { tmpdir } from 'node:os'

let app
let listener

async function start({ name, options, folder }) {
  process.chdir(folder)
  const { default: startService } = await import(`./${name}.mjs`)
  app = await startService(options, (heard) => {
    listener = heard
  })
  process.send({ address: await app.listen({ host: '127.0.0.1', port: 0 }) })
}

async function end() {
  await app?.close()
  app = undefined
  listener = undefined
  process.chdir(tmpdir())
  process.send({ isFree: true })
}

process.on('message', (message) => {
  if ('start' in message) void start(message.start)
  else if ('end' in message) void end()
  else listener?.(message)
})
// The test's process is over.
process.once('disconnect', () => process.exit())
