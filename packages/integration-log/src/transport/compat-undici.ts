import { isObject } from '@fastify-scs/core/kit'
import type * as Undici from 'undici'
// @ts-expect-error Its modules have no types of their own.
import api from 'undici/lib/api/index.js'
// @ts-expect-error As above.
import agent from 'undici/lib/dispatcher/agent.js'
// @ts-expect-error As above.
import client from 'undici/lib/dispatcher/client.js'
// @ts-expect-error As above.
import dispatcher from 'undici/lib/dispatcher/dispatcher.js'
// @ts-expect-error As above.
import pool from 'undici/lib/dispatcher/pool.js'
// @ts-expect-error As above.
import proxyAgent from 'undici/lib/dispatcher/proxy-agent.js'
import type { FailureListener } from '../call.js'

/*
 * What is used of undici beyond its API; the test of this file runs it on undici 6, 7 and 8.
 *
 * - The files of undici 7 that are imported above. Its index sets the process's global dispatcher, and the first to do so decides
 *   what the built-in fetch and the host's own undici run on; these files do not. If one moves, the plugin cannot be loaded.
 * - Requests keep the values of their options `idempotent` and `blocking`. If they become true and false, calls of a service are
 *   recorded twice where the plugin also observes.
 * - Requests have a method `onUpgrade` or `onRequestUpgrade`. If it is renamed, upgrades are recorded as never answered on Node 22 to 26.
 * - Handlers of `request` have the body of the response in `res`. If it moves, `of(response)` finds no record.
 * - Requests keep Host, Connection and Content-Length apart from their list of headers. If not, the headers that an observer adds, such
 *   as `traceparent`, are miscounted and missing.
 * - Pools have `destroyed`. If not, a service that connects to very many origins keeps its closed pools.
 * - Fetch asks a dispatcher for `isMockActive`. If not, bodies that a MockAgent sees are iterables.
 * - The symbols of the global dispatcher. If they change, `captureGlobal` records nothing.
 */

// What the index does too: `request`, `stream` and the like become methods of every dispatcher.
Object.assign(dispatcher.prototype, api)

/** As undici exports it. */
export const Agent: typeof Undici.Agent = agent
/** As undici exports it. */
export const Client: typeof Undici.Client = client
/** As undici exports it. */
export const Pool: typeof Undici.Pool = pool
/** As undici exports it. */
export const ProxyAgent: typeof Undici.ProxyAgent = proxyAgent

/**
 * Marks a request of undici as one that a recorder of ours sees pass as it is, so that the diagnostics channels, which tell of
 * it too, do not record it again.
 *
 * There is no place made for it. The mark travels in an option of the request that says yes or no, where it means yes: undici
 * keeps it as it is, also through its queues, its proxies and other dispatchers, and nothing of it reaches the wire.
 */
export class CallMark {
  /** The recorder of a service, or of the global dispatcher of one app. */
  readonly owner: object
  /** Whether the call is a service's: then it is nobody else's. */
  readonly isServiceCall: boolean
  readonly #outer: CallMark | undefined
  /** Set by who sees the request being made: what it then goes out with. */
  request: { readonly headers?: unknown } | undefined

  constructor(owner: object, isServiceCall: boolean, outer: CallMark | undefined) {
    this.owner = owner
    this.isServiceCall = isServiceCall
    this.#outer = outer
  }

  /** Whether an app need not record the call, since it does so already, or another app owns it. */
  covers(owner: object): boolean {
    if (this.isServiceCall || this.owner === owner) return true
    return this.#outer?.covers(owner) ?? false
  }
}

/** What of the options of a request can carry a mark. */
interface Markable {
  readonly method?: unknown
  readonly idempotent?: unknown
  readonly blocking?: unknown
}

/** The mark of a request of undici, or of the options of one. */
export function markOf({ idempotent, blocking }: Markable): CallMark | undefined {
  if (idempotent instanceof CallMark) return idempotent
  return blocking instanceof CallMark ? blocking : undefined
}

/**
 * The options with a mark. GET and HEAD are idempotent, and undici takes all others for blocking, unless it is told otherwise:
 * then all that is lost is that requests are not pipelined behind this one.
 */
export function withMark<Options extends Markable>(options: Options, mark: CallMark): Options {
  const { method, idempotent } = options
  const isIdempotent = (method === 'GET' || method === 'HEAD') && idempotent !== false
  // Four times as fast as a spread that adds a field.
  return Object.assign({}, options, isIdempotent ? { idempotent: mark } : { blocking: mark })
}

/** Told of the answer to an upgrade. */
export type UpgradeListener = (statusCode: number, headers: unknown) => void

/** How undici 5 to 7, and 8, tell a request that its connection is something else from now on. */
const METHODS = ['onUpgrade', 'onRequestUpgrade'] as const

type Method = (statusCode: number, headers: unknown, ...more: unknown[]) => unknown
type Upgradable = { [Name in (typeof METHODS)[number]]?: unknown }

/**
 * Learns of the answer to a request that asks for an upgrade. In undici 6.28, 7.29 and 8.10, which Node 22 to 26 have within, and in
 * those before, no channel tells of it: the request itself is told, and so we are. 6.29, 7.30 and 8.13 use the channels as well.
 */
export function watchUpgrade(
  request: object,
  listener: UpgradeListener,
  onFailure: FailureListener,
): void {
  for (const name of METHODS) {
    const method = (request as Upgradable)[name]
    if (typeof method !== 'function') continue
    Object.defineProperty(request, name, {
      value: watched(method as Method, listener, onFailure),
      configurable: true,
      writable: true,
    })
  }
}

function watched(method: Method, listener: UpgradeListener, onFailure: FailureListener): Method {
  return function told(this: unknown, statusCode, headers, ...more) {
    try {
      listener(statusCode, headers)
    } catch (error) {
      onFailure(error)
    }
    return method.call(this, statusCode, headers, ...more)
  }
}

/** Whether undici keeps a header of this name in a place of its own, not in the list of headers of a request. */
export function isHeldApart(name: string | Buffer | undefined): boolean {
  const { length } = name ?? ''
  if (length !== 4 && length !== 10 && length !== 14) return false
  const lower = String(name).toLowerCase()
  return lower === 'host' || lower === 'connection' || lower === 'content-length'
}

/** The body that a handler of `request` has made for the response, in undici 6 to 8; undefined for another handler. */
export function bodyOfHandler(handler: object): object | undefined {
  const { res } = handler as { readonly res?: unknown }
  return isObject(res) ? res : undefined
}

/** Whether a pool was closed for good. */
export function isDestroyed(pool: object): boolean {
  return (pool as { readonly destroyed?: unknown }).destroyed === true
}

/** What fetch asks a MockAgent for: it hands the body on to one as it was given. */
export function isMockActive(dispatcher: object): unknown {
  return (dispatcher as { readonly isMockActive?: unknown }).isMockActive
}

/** The copies of undici in a process share their global dispatcher: 5 to 7 and the built-in fetch by the first symbol, 8 by the second. */
export const GLOBAL_DISPATCHERS: readonly symbol[] = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
]

/** From this version on the undici within Node tells the chunks of bodies by its channels. */
const TELLS_CHUNKS_SINCE = { major: 7, minor: 16 }

/** Whether the channels of a version of undici tell the chunks of bodies. */
export function tellsChunks(version = '0.0'): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major !== TELLS_CHUNKS_SINCE.major) return major > TELLS_CHUNKS_SINCE.major
  return minor >= TELLS_CHUNKS_SINCE.minor
}
