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

/** Which steps of a TracingChannel are run in the context of which request. */
type Steps = Readonly<Record<string, Binding>>

const CALLER: unique symbol = Symbol('@fastify-scs/core/caller')

/** What a driver hands to all steps of a call, so that who listens can keep something with it. */
interface Message {
  [CALLER]?: FastifyRequest | undefined
}

const asCaller: Binding = (message) => {
  const caller = requests.getStore()
  if (isMessage(message)) message[CALLER] = caller
  return caller
}

const asNobody: Binding = (message) => {
  asCaller(message)
  return undefined
}

const calledBack: Binding = (message) => (isMessage(message) ? message[CALLER] : undefined)

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && Object.isExtensible(message)
}

const OF_CALLS: Steps = { start: asCaller, asyncStart: calledBack }
const OF_CONNECTS: Steps = { start: asNobody, asyncStart: calledBack }

/**
 * Calls back in the request that has called, on a driver's TracingChannel such as `mysql2:query`, until the function that it returns is called.
 */
export function keepRequestOfCalls(name: string): () => void {
  return keep(name, OF_CALLS)
}

/**
 * The same for a channel such as `ioredis:connect`; the connection itself belongs to no request, since it outlives the one that opens it.
 */
export function keepRequestOfConnects(name: string): () => void {
  return keep(name, OF_CONNECTS)
}

function keep(name: string, steps: Steps): () => void {
  for (const [step, binding] of Object.entries(steps)) bind(stepOf(name, step), binding)
  return () => {
    for (const step of Object.keys(steps)) unbind(stepOf(name, step))
  }
}

function stepOf(name: string, step: string) {
  return channel(`tracing:${name}:${step}`)
}

type Step = ReturnType<typeof stepOf>

// Each app asks for it, and the last one that closes gives it up: a channel has one binding for each storage.
function bind(step: Step, binding: Binding): void {
  keepers.set(step, (keepers.get(step) ?? 0) + 1)
  step.bindStore(requests, binding)
}

function unbind(step: Step): void {
  const left = (keepers.get(step) ?? 1) - 1
  keepers.set(step, left)
  if (left === 0) step.unbindStore(requests)
}
