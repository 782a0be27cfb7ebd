import { url as inspectorUrl } from 'node:inspector'
import { types } from 'node:util'
import { currentRequest } from '@fastify-scs/core'
import { lifeOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { Call } from '../call.js'
import type { OpenCall } from './blocked-report.js'
import { MAX_IN_FLIGHT } from './make-report.js'
import type { Look, SeenRequest } from './protocol.js'

/** Variables of a frame that are looked at. */
const MAX_VARIABLES = 50

/** What the looker asks an app whose loop is watched. */
export interface LookedAtApp {
  /** The call of a request of this app. */
  callOf(request: FastifyRequest): Call | undefined
  /** How a call is named. */
  describe(call: Call): Omit<SeenRequest, 'key'>
  /** Calls without an answer, oldest first. */
  inFlight(): OpenCall[]
}

/** A call that was found while this thread was paused. */
export interface FoundCall<App> {
  readonly app: App
  readonly call: Call
}

/** The methods that are called through the inspector, while this thread is paused. They run no code of the application. */
export class Looker<App extends LookedAtApp> {
  readonly #apps: ReadonlySet<App>
  #found: FoundCall<App>[] = []

  constructor(apps: ReadonlySet<App>) {
    this.#apps = apps
  }

  /** The request of the asynchronous context, and the calls in flight, as JSON. */
  around(): string {
    const inFlight = [...this.#apps].flatMap((app) => app.inFlight())
    inFlight.sort((one, other) => other.ageMs - one.ageMs)
    const look: Look = {
      request: this.#seen(currentRequest()) ?? null,
      inFlight: inFlight.slice(0, MAX_IN_FLIGHT),
      isDebugged: inspectorUrl() !== undefined,
    }
    return JSON.stringify(look)
  }

  /** The request among the variables of a function, or that of a reply among them, as JSON; undefined where there is none. */
  among(values: readonly unknown[]): string | undefined {
    for (const value of values.slice(0, MAX_VARIABLES)) {
      const seen = this.#seen(requestIn(value))
      if (seen !== undefined) return JSON.stringify(seen)
    }
    return undefined
  }

  /** The handler of a request's route, where it is known. */
  handlerOf(key: number): unknown {
    return this.#found[key]?.call.route?.handler
  }

  /** The call that was named by this key. */
  found(key: number): FoundCall<App> | undefined {
    return this.#found[key]
  }

  /** Lets go of the calls that were found. */
  forget(): void {
    this.#found = []
  }

  #seen(request: FastifyRequest | undefined): SeenRequest | undefined {
    if (request === undefined) return undefined
    for (const app of this.#apps) {
      const call = app.callOf(request)
      if (call === undefined) continue
      const known = this.#found.findIndex((each) => each.call === call)
      const key = known === -1 ? this.#found.push({ app, call }) - 1 : known
      return { ...app.describe(call), key }
    }
    return undefined
  }
}

/** The request that a value is, or has if it is a reply. No trap of a proxy and no getter is called. */
function requestIn(value: unknown): FastifyRequest | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined
  if (lifeOf(value) !== undefined) return value as FastifyRequest
  const request: unknown = Object.getOwnPropertyDescriptor(value, 'request')?.value
  if (typeof request !== 'object' || request === null || types.isProxy(request)) return undefined
  return lifeOf(request) === undefined ? undefined : (request as FastifyRequest)
}
