import { executionAsyncResource } from 'node:async_hooks'

/*
 * What core uses of Node and V8 beyond their documented API; test/lifecycle/compat-node.test.ts tells when a release no longer
 * has it.
 */

/**
 * Holds one object of the kind that Node makes for each `process.nextTick`, which keeps that function fast: V8 forgets the
 * shape (the hidden class) of objects of which none is alive when it collects garbage, and code that has met it before then
 * makes each further one property by property. Measured on Node 20 to 26, `process.nextTick` takes 0.05 us with the shape and
 * 0.3 to 1.5 us without, for the rest of the process; a request to Fastify takes some 20 % more CPU (docs/performance.md).
 *
 * Without it nothing changes but that speed.
 */
export class HeldTick {
  #tick: object | undefined

  constructor() {
    // Within the callback the current resource is the object of the tick itself.
    process.nextTick(() => {
      this.#tick = executionAsyncResource()
    })
  }

  /** The object; undefined until the tick that it belongs to, and after its release. */
  get tick(): object | undefined {
    return this.#tick
  }

  /** Lets go of the object. */
  release(): void {
    this.#tick = undefined
  }
}
