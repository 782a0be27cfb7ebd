import { currentRequest } from '@fastify-scs/core'
import { runForRequest } from '@fastify-scs/core/kit'
import type { ObservedQuery } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'
import { hide } from './hidden-property.js'
import { redisStatementOf } from './redis-statement.js'

/*
 * What is used of ioredis beyond its documented API, as of ioredis 6.0 and 5.11:
 *
 * - `redis.sendCommand(command)` is passed by every command, also by each of a pipeline, before it is sent or queued. If it is gone, `observeIoredis`
 *   refuses the client.
 * - `command.name` and `command.args`. If they are renamed, a command is noted as `?`.
 * - `command.resolve(reply)` and `command.reject(error)` are called at its end, as its methods, before its promise is settled. If they are renamed,
 *   commands are noted without an end.
 * - `redis.connect()` opens each connection. If another method does, what the driver itself sends on a new one may be noted.
 *
 * Nothing else depends on it: whatever is not found, the commands run as they would.
 */

/** What is used of a client of ioredis. */
export interface IoredisShape {
  sendCommand(this: IoredisShape, command: IoredisCommand, ...rest: unknown[]): unknown
  connect(this: IoredisShape, callback?: Callback, ...rest: unknown[]): unknown
}

type Callback = (...args: unknown[]) => unknown
type Settle = (this: IoredisCommand, value: unknown) => unknown

interface IoredisCommand {
  readonly name: unknown
  readonly args: unknown
  resolve: Settle
  reject: Settle
  [NOTED]?: Noted | undefined
}

interface Noted {
  readonly query: ObservedQuery
  readonly resolve: Settle
  readonly reject: Settle
}

const NOTED: unique symbol = Symbol('@fastify-scs/query-log/noted')
const OBSERVED: unique symbol = Symbol('@fastify-scs/query-log/observed')

/** Observes a client, once. */
export function observeIoredisClient(client: IoredisShape): void {
  if (OBSERVED in client) return
  const { sendCommand: send, connect } = client
  hide(client, OBSERVED, true)
  hide(
    client,
    'sendCommand',
    function sendCommand(this: IoredisShape, command: IoredisCommand, ...rest: unknown[]) {
      if (currentRequest() !== undefined) noteCommand(command)
      return send.call(this, command, ...rest)
    },
  )
  // What the driver sends on a new connection, and what has waited for it, is sent from its events: in no request.
  hide(client, 'connect', function connectForNobody(this: IoredisShape, callback?: Callback) {
    const request = currentRequest()
    if (request === undefined) return connect.call(this, callback)
    const calledBack = (...args: unknown[]) => runForRequest(request, () => callback?.(...args))
    return runForRequest(undefined, () =>
      connect.call(this, callback === undefined ? undefined : calledBack),
    )
  })
}

/** A command that waits for the connection, or is sent again on the next one, passes more than once. */
function noteCommand(command: IoredisCommand): void {
  if (command[NOTED] !== undefined) return
  const { name, args, resolve, reject } = command
  const key: unknown = Array.isArray(args) ? args[0] : undefined
  const statement = redisStatementOf(typeof name === 'string' ? name : '', key)
  const query = beginQuery({ system: 'redis', statement })
  if (query === undefined) return
  command[NOTED] = { query, resolve, reject }
  command.resolve = resolved
  command.reject = rejected
}

function resolved(this: IoredisCommand, reply: unknown): unknown {
  const noted = this[NOTED]
  noted?.query.end()
  return noted?.resolve.call(this, reply)
}

function rejected(this: IoredisCommand, error: unknown): unknown {
  const noted = this[NOTED]
  noted?.query.end({ error })
  return noted?.reject.call(this, error)
}
