import { channel } from 'node:diagnostics_channel'
import type { FastifyRequest } from 'fastify'
import { requests } from './request-context.js'

/*
 * A driver that keeps connections calls back from the event of a socket, which belongs to whoever has opened that socket, or from the end of
 * the query that had the connection before: to another request. Its TracingChannel is the place at which Node lets that be put right. A
 * channel is the process's, and so is what is known of it here; it knows requests only, each of which has an app.
 */
const keepers = new WeakMap<object, number>()

type Binding = (message: unknown) => FastifyRequest | undefined

const CALLER: unique symbol = Symbol('@fastify-scs/core/caller')

/** What a driver hands to all steps of a call, so that who listens can keep something with it. */
interface Message {
  [CALLER]?: FastifyRequest | undefined
}

function rememberCaller(message: unknown): void {
  if (isMessage(message)) message[CALLER] = requests.getStore()
}

const asNobody: Binding = (message) => {
  rememberCaller(message)
  return undefined
}

const calledBack: Binding = (message) => (isMessage(message) ? message[CALLER] : undefined)

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && Object.isExtensible(message)
}

/**
 * Calls back in the request that has called, on a driver's TracingChannel such as `mysql2:query`, until the function that it returns is called.
 */
export function keepRequestOfCalls(name: string): () => void {
  // A listener, which costs less than a store that stays as it is.
  return keep([listening(`tracing:${name}:start`), bound(`tracing:${name}:asyncStart`, calledBack)])
}

/**
 * The same for a channel such as `ioredis:connect`; the connection itself belongs to no request, since it outlives the one that opens it.
 */
export function keepRequestOfConnects(name: string): () => void {
  return keep([
    bound(`tracing:${name}:start`, asNobody),
    bound(`tracing:${name}:asyncStart`, calledBack),
  ])
}

/** Something that is done with one step of a TracingChannel. */
interface Step {
  readonly channel: Channel
  begin(): void
  end(): void
}

type Channel = ReturnType<typeof channel>

function listening(name: string): Step {
  const step = channel(name)
  return {
    channel: step,
    begin: () => step.subscribe(rememberCaller),
    end: () => void step.unsubscribe(rememberCaller),
  }
}

function bound(name: string, binding: Binding): Step {
  const step = channel(name)
  return {
    channel: step,
    begin: () => step.bindStore(requests, binding),
    end: () => void step.unbindStore(requests),
  }
}

// Each app asks for it, and the last one that closes gives it up: a channel has one binding for each storage.
function keep(steps: readonly Step[]): () => void {
  for (const { channel, begin } of steps) {
    const others = keepers.get(channel) ?? 0
    keepers.set(channel, others + 1)
    if (others === 0) begin()
  }
  return () => {
    for (const { channel, end } of steps) {
      const left = (keepers.get(channel) ?? 1) - 1
      keepers.set(channel, left)
      if (left === 0) end()
    }
  }
}
