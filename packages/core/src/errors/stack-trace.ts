/*
 * An expected error needs no stack trace, and the trace is most of what an error costs. The limit is put back
 * right after `super()`, so nothing else is built without one. Reflect.set, because a hardened process
 * (--frozen-intrinsics) has made the property read-only and assigning to it would throw.
 */

/** Stops the capture of stack traces and returns the limit to restore. */
export function suspendStackTraces(): number {
  return limitStackTraces(0)
}

/** Has stack traces captured up to a number of frames and returns the limit to restore. */
export function limitStackTraces(frames: number): number {
  const limit = Error.stackTraceLimit
  Reflect.set(Error, 'stackTraceLimit', frames)
  return limit
}

/** Restores the limit that one of the two above returned. */
export function resumeStackTraces(limit: number): void {
  Reflect.set(Error, 'stackTraceLimit', limit)
}

/** A function that was called to register something; its caller is the place. */
export type RegisterCall = (...args: never[]) => unknown

/**
 * Frames that are kept. A frame may have no place (`Array.forEach`, `new Promise`), then the next one counts; not more, because a
 * frame keeps the object that its function was called on alive.
 */
const FRAMES = 3

/** `at name (/app/a.js:1:2)` or `at async /app/a.js:1:2`. */
const PLACE = /^\s+at (?:.*? \((.*:\d+:\d+)\)|(?:async )?(\S.*:\d+:\d+))$/

/**
 * Where in the code something was registered. Only the stack's addresses are taken, which costs some microseconds; the text is made
 * when a conflict shows it, because that may read source maps.
 */
export class RegistrationPlace {
  readonly #stacks: readonly { readonly stack?: unknown }[]

  /** @param calls the functions that may have been called for it, outermost first; none for what is built in */
  constructor(...calls: readonly RegisterCall[]) {
    this.#stacks = calls.map(stackBehind)
  }

  /** `/app/plugins/login.js:12:7` */
  toString(): string {
    if (this.#stacks.length === 0) return '@fastify-scs/core itself'
    for (const holder of this.#stacks) {
      const place = firstPlaceOf(holder)
      if (place !== undefined) return place
    }
    return 'an unknown place'
  }
}

function stackBehind(call: RegisterCall): { readonly stack?: unknown } {
  const holder = {}
  const limit = limitStackTraces(FRAMES)
  Error.captureStackTrace(holder, call)
  resumeStackTraces(limit)
  return holder
}

function firstPlaceOf(holder: { readonly stack?: unknown }): string | undefined {
  try {
    const { stack } = holder
    if (typeof stack !== 'string') return undefined
    for (const line of stack.split('\n')) {
      const place = PLACE.exec(line)
      if (place !== null) return (place[1] ?? place[2])?.replace(/^file:\/\//, '')
    }
    return undefined
  } catch {
    // The application's own Error.prepareStackTrace threw.
    return undefined
  }
}
