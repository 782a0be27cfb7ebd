import { show } from '@fastify-scs/core/kit'
import { NotObservableError } from '../errors.js'
import type { ObservedQuery } from '../observed-query.js'
import { beginQuery, observerFailed } from '../request-queries.js'
import { mongoStatementOf } from './mongo-statement.js'

/** What is used of the driver's events of a command. */
export interface MongoCommandEvent {
  readonly requestId: number
  /** Each connection of a client counts its own requests. */
  readonly connectionId?: unknown
  readonly address: string
  readonly commandName: string
  readonly command?: unknown
  readonly reply?: unknown
  readonly failure?: unknown
}

/** What is used of a MongoClient: the events of its command monitoring. */
export interface MongoClientLike {
  readonly options: { readonly monitorCommands?: boolean | undefined }
  on(name: string, listener: (event: MongoCommandEvent) => void): unknown
}

const OBSERVED: unique symbol = Symbol('@fastify-scs/query-log/observed')

/**
 * Notes the commands of a MongoClient by the driver's command monitoring.
 *
 * @param client - Made with `monitorCommands: true`.
 * @returns The same client.
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE
 */
export function observeMongo<Client extends MongoClientLike>(client: Client): Client {
  const given = client as Partial<MongoClientLike> | null | undefined
  if (typeof given?.on !== 'function' || given.options?.monitorCommands !== true) {
    throw new NotObservableError(
      'observeMongo',
      'a MongoClient made with the option monitorCommands: true',
      typeof given?.on === 'function' ? 'one without it' : show(client),
    )
  }
  if (Object.hasOwn(client, OBSERVED)) return client
  Object.defineProperty(client, OBSERVED, { value: true })
  const commands = new RunningCommands()
  client.on('commandStarted', (event) => commands.start(event))
  client.on('commandSucceeded', (event) => commands.succeed(event))
  client.on('commandFailed', (event) => commands.fail(event))
  return client
}

/** The driver tells of each command that it has started how it ends, so that none stays here. */
class RunningCommands {
  readonly #running = new Map<string, ObservedQuery>()

  /** Called in the asynchronous context of the caller. */
  start(event: MongoCommandEvent): void {
    quietly(() => {
      const { commandName, command } = event
      const query = beginQuery({
        system: 'mongodb',
        statement: () => mongoStatementOf(commandName, command),
      })
      if (query !== undefined) this.#running.set(keyOf(event), query)
    })
  }

  succeed(event: MongoCommandEvent): void {
    quietly(() => this.#take(event)?.end({ rows: rowsOf(event.reply) }))
  }

  fail(event: MongoCommandEvent): void {
    quietly(() => this.#take(event)?.end({ error: event.failure ?? new Error('it failed') }))
  }

  #take(event: MongoCommandEvent): ObservedQuery | undefined {
    const key = keyOf(event)
    const query = this.#running.get(key)
    this.#running.delete(key)
    return query
  }
}

function keyOf({ requestId, connectionId, address }: MongoCommandEvent): string {
  return `${address} ${connectionId} ${requestId}`
}

/** Documents that a batch of a cursor has, or that a command has changed. */
function rowsOf(reply: unknown): number | undefined {
  const { cursor, n } = (reply ?? {}) as {
    readonly cursor?: { readonly firstBatch?: unknown; readonly nextBatch?: unknown }
    readonly n?: unknown
  }
  const batch = cursor?.firstBatch ?? cursor?.nextBatch
  if (Array.isArray(batch)) return batch.length
  return typeof n === 'number' ? n : undefined
}

/** What a listener throws would reach the driver, and the application's query. */
function quietly(run: () => void): void {
  try {
    run()
  } catch (error) {
    observerFailed(error)
  }
}
