import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { willWrite } from '../log/compat-pino.js'

const STDERR = 2
const HINT =
  'the application has no logger (the option `logger` of Fastify): warnings and errors of its plugins are written to the standard error output'

/**
 * A log for what must not be missed: the application's own. With `Fastify()`, whose logger writes nothing, one that writes warnings and
 * errors to the standard error output, and says so once. A logger that the application has set to silent stays silent.
 */
export function audibleLog(log: FastifyBaseLogger): FastifyBaseLogger {
  const { isLevelEnabled } = log as { isLevelEnabled?: unknown }
  if (typeof isLevelEnabled === 'function' || willWrite(log, 'error')) return log
  let isHinted = false
  const options = {
    level: 'warn',
    hooks: {
      logMethod(this: object, args: unknown[], method: (...args: never[]) => void): void {
        if (!isHinted) Reflect.apply(method, this, [HINT])
        isHinted = true
        Reflect.apply(method, this, args)
      },
    },
  }
  return pino(options, pino.destination({ dest: STDERR, sync: true }))
}
