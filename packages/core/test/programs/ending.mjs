// A process whose last calls log, over a destination that writes in the background: `node ending.mjs <how>`.
import { onProcessEnd } from '@fastify-scs/core'
import { pino } from 'pino'

const log = pino({ base: null, timestamp: false }, pino.destination({ fd: 1, sync: false }))
const tell = (name) => () => log.info({ text: 'x'.repeat(20_000) }, name)
onProcessEnd(tell('first'), log)
const forget = onProcessEnd(tell('forgotten'), log)
onProcessEnd(() => {
  tell('last')()
  onProcessEnd(tell('added by the last'), log)
}, log)
forget()

const endings = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('uncaught, on purpose')
  },
  signal: () => process.kill(process.pid, 'SIGTERM'),
  empty: () => undefined,
  handled: () => {
    process.once('SIGTERM', () => process.exit(4))
    process.kill(process.pid, 'SIGTERM')
  },
}
// A line that is being written when the end comes.
log.info('begun')
const [how] = process.argv.slice(2)
// A signal comes later: until then the process must have something to do.
const keepAlive = setInterval(() => undefined, 1_000)
if (how === 'empty') clearInterval(keepAlive)
setTimeout(endings[how], 20)
