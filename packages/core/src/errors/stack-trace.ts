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
