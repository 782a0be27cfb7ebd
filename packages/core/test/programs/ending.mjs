// A process whose last calls log, over a destination that writes in the background: `node ending.mjs <how> <kind>`.
import { onProcessEnd } from '@fastify-scs/core/kit'
import { pino } from 'pino'

const background = pino.destination({ fd: 1, sync: false })
const [how, kind] = process.argv.slice(2)
const stream = kind === 'several' ? pino.multistream([{ stream: background }]) : background
const log = pino({ base: null, timestamp: false }, stream)
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
log.info('begun')
// A signal comes later: until then the process must have something to do.
const keepAlive = setInterval(() => undefined, 1_000)
if (how === 'empty') clearInterval(keepAlive)
// Once the first line is written: the order of one that is under way then is anybody's.
background.once('drain', () => setImmediate(endings[how]))
