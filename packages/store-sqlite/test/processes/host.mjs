// A host service in a process of its own: `node host.mjs <path> <mode> <records> <options of the store, as JSON>`.
import { writeSync } from 'node:fs'
import scsPlugin from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [, , path, mode, count, options = '{}'] = process.argv
const app = Fastify()
await app.register(scsPlugin, { source: 'host', audit: false })
await app.register(store, { url: `sqlite:${path}`, ...JSON.parse(options) })

function write(number) {
  app.scsStore.write({
    kind: 'integration_requests',
    id: createRecordId(),
    createdAt: Date.now(),
    revision: 0,
    keys: { service: String(process.pid), requestId: String(number) },
    data: { number, body: 'x'.repeat(1_000) },
    importance: 'normal',
  })
}

function writeAll() {
  for (let number = 0; number < Number(count); number++) write(number)
}

const modes = {
  exit() {
    writeAll()
    process.exit(0)
  },
  throw() {
    writeAll()
    throw new Error('uncaught, on purpose')
  },
  end() {
    writeAll()
  },
  async close() {
    writeAll()
    await app.close()
    const { shed, written } = await app.scsStore.stats()
    say(JSON.stringify({ shed: shed.integration_requests, written }))
  },
  wait() {
    setInterval(() => {}, 1_000)
    writeAll()
    say('written')
  },
  killSelf() {
    writeAll()
    process.kill(process.pid, 'SIGKILL')
  },
  stream() {
    let number = 0
    setInterval(() => {
      for (let index = 0; index < 5; index++) {
        say(`${number} ${Date.now()}`)
        write(number++)
      }
    }, 1)
  },
}

/** In the pipe before it returns, so that it is there whatever happens next. */
function say(line) {
  for (;;) {
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      // The pipe is full: the test, on a busy machine, has not read it yet.
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

setImmediate(modes[mode])
