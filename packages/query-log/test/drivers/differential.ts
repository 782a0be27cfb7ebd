import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { expect } from 'vitest'

/** What the application itself keeps in its asynchronous context. */
const hostContext = new AsyncLocalStorage<string>()

/** Everything that an application could see of a driver while a script runs, in the order in which it saw it. */
export type Seen = readonly (readonly [what: string, value: unknown])[]

/** What a script does with a driver; it is run on a bare one and on one that is observed. */
export type Script<Driver> = (driver: Driver, seen: Trace) => unknown

/** Notes what a script sees. */
export class Trace {
  readonly #seen: (readonly [string, unknown])[] = []
  #pending = 0

  /** What was seen, when everything that was waited for has happened. */
  get seen(): Seen {
    return this.#seen
  }

  note(what: string, value?: unknown): void {
    this.#seen.push([what, describe(value)])
  }

  /** Calls something and notes what it returns or throws at once, before anything else can run. */
  call<Result>(what: string, run: () => Result): Result | undefined {
    try {
      const result = run()
      this.note(`${what} returns`, shapeOf(result))
      return result
    } catch (error) {
      this.note(`${what} throws`, error)
      return undefined
    }
  }

  /** Runs something as code of the application's own asynchronous context, which callbacks should find again or not, as without an observer. */
  within<Result>(context: string, run: () => Result): Result {
    return hostContext.run(context, run)
  }

  /** A callback that notes its arguments, its `this`, its context; `then` goes on from there. */
  callback(
    what: string,
    then?: (...args: unknown[]) => void,
  ): (this: unknown, ...args: unknown[]) => void {
    const trace = this
    this.#pending++
    return function noted(this: unknown, ...args: unknown[]) {
      trace.#pending--
      trace.note(`${what} is called back`, {
        self: shapeOf(this),
        args: args.map(describe),
        context: hostContext.getStore(),
      })
      then?.(...args)
    }
  }

  /** Notes how a promise is settled, and how many microtasks after `from`, which is something that a driver does not delay. */
  async settled(what: string, promise: unknown, from?: Promise<unknown>): Promise<unknown> {
    let ticks: number | undefined
    let isSettled = false
    void from?.then(async () => {
      for (ticks = 0; !isSettled && ticks < 100; ticks++) await null
    })
    try {
      const value = await promise
      isSettled = true
      this.note(`${what} is fulfilled`, { value: describe(value), ticks })
      return value
    } catch (error) {
      isSettled = true
      this.note(`${what} is rejected`, { error: describe(error), ticks })
      return error
    }
  }

  /** Notes the events of an emitter, with what they pass on. */
  events(what: string, emitter: EventEmitter, names: readonly string[]): void {
    for (const name of names) {
      emitter.on(name, (...args: unknown[]) => this.note(`${what} emits ${name}`, args))
    }
  }

  /** Until each callback was called. */
  async done(): Promise<void> {
    while (this.#pending > 0) await new Promise((resolve) => setImmediate(resolve))
    // What a driver does only after it has called back.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Runs a script and returns what it has seen, with the rejections that nobody has handled. */
export async function seenBy<Driver>(driver: Driver, script: Script<Driver>): Promise<Seen> {
  const trace = new Trace()
  // vitest's own would fail the run.
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => trace.note('a rejection is unhandled', reason))
  try {
    await script(driver, trace)
    await trace.done()
    return trace.seen
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
  }
}

/** Expects that a script sees the same of both. */
export async function expectSame<Driver>(
  drivers: { readonly bare: Driver; readonly observed: Driver },
  script: Script<Driver>,
): Promise<Seen> {
  const bare = await seenBy(drivers.bare, script)
  const observed = await seenBy(drivers.observed, script)
  expect(observed).toEqual(bare)
  return bare
}

/** A value as data that can be compared: errors with what they carry and where they come from. */
export function describe(value: unknown): unknown {
  return describeAt(value, 0, new Set())
}

const DEPTH = 6
/** What differs from one run to the next, whoever looks. */
const CHANGING = new Set(['processID', 'secretKey', 'file', 'line', 'pid', 'port', 'tableID'])

function describeAt(value: unknown, depth: number, above: Set<unknown>): unknown {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date || Buffer.isBuffer(value)) return value
  if (depth === DEPTH || above.has(value)) return shapeOf(value)
  if (value instanceof EventEmitter) return { [shapeOf(value)]: Object.keys(value).sort() }
  const inside = new Set(above).add(value)
  if (Array.isArray(value)) return value.map((item) => describeAt(item, depth + 1, inside))
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(value).filter((key) => !CHANGING.has(key))) {
    fields[key] = describeAt((value as Record<string, unknown>)[key], depth + 1, inside)
  }
  if (!(value instanceof Error)) return { [shapeOf(value)]: fields }
  const { name, message, stack, cause } = value
  return {
    [shapeOf(value)]: {
      name,
      message,
      ...fields,
      cause: describeAt(cause, depth + 1, inside),
      frames: framesOf(stack),
    },
  }
}

/** The class of a value; of a promise also whether it has properties of its own. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  const own = value instanceof Promise ? ` with ${Reflect.ownKeys(value).map(String)}` : ''
  return `${prototype?.constructor?.name ?? 'no class'}${own}`
}

/** The frames on top, without positions: where it was thrown, and by whom that was called. An observer's own may stand between them. */
function framesOf(stack: string | undefined): string[] {
  const frames = (stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return (
    frames
      .filter((frame) => !IGNORED_FRAME.test(frame))
      .slice(0, 2)
      .map((frame) => frame.trim().replace(/:\d+:\d+\)?$/, ''))
      // V8 names the function of a caller after how it was called.
      .map((frame, index) => (index === 0 ? frame : frame.replace(/^at .*\(/, 'at ')))
  )
}

// Whether Node's queue of microtasks is on the stack depends on what the turn has begun with, also of a bare driver.
const IGNORED_FRAME = /packages\/(query-log|core)\/src\/|AsyncLocalStorage\.run|task_queues/
