import { basename } from 'node:path'

/** The constant request that every connection sends again and again. */
export interface BenchRequest {
  readonly method: string
  readonly path: string
}

/** One server of a pair: a program of `servers/`, the variant it runs as, and what it is asked. */
export interface Side {
  /** The compiled module that the child process runs. */
  readonly module: URL
  readonly variant: string
  readonly request: BenchRequest
  readonly expectedStatus: number
  /** What the program gets after the variant, such as the address of a sink. */
  readonly args?: readonly string[]
  /** Node's own options, such as `--import` of what must come first. */
  readonly execArgv?: readonly string[]
  /**
   * Resolves once so many more things that the server sends after its answers have arrived, so that a burst's cost has
   * them in it.
   */
  readonly deliveries?: (count: number) => Promise<void>
}

/** How messages call a side. */
export function nameOf(side: Side): string {
  return `${basename(side.module.pathname, '.js')} ${side.variant}`
}
