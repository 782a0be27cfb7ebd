import type { ConsoleOptions } from '@fastify-scs/console'
import type { FastifyRequest } from 'fastify'

/** Where the console is. */
export const CONSOLE_PREFIX = '/_scs'

const LOCAL_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** The console as it is in development: whoever sits at this machine may see it and decide. A service in production asks for a role. */
export const developmentConsole: ConsoleOptions = {
  prefix: CONSOLE_PREFIX,
  authorize: (request) => {
    if (!isDeveloper(request)) return false
    // Its changes are audit events, which say who made them.
    request.user = { id: 'developer' }
    return true
  },
  authorizeChange: isDeveloper,
}

/** The name is checked too: a page from elsewhere could have its own name lead to this machine. */
function isDeveloper({ socket, hostname }: FastifyRequest): boolean {
  const isLocal = LOCAL_ADDRESSES.has(socket.remoteAddress ?? '') && LOCAL_NAMES.has(hostname)
  return isLocal && process.env.NODE_ENV !== 'production'
}
