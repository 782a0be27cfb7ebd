import type { MessagePort } from 'node:worker_threads'
import type { OpenCall } from './blocked-report.js'

/** What the thread of the watchdog is started with. */
export interface WatchdogStart {
  readonly port: MessagePort
  readonly shared: SharedArrayBuffer
  /** The key, for `Symbol.for`, of what the main thread has put on `globalThis` to be asked for its requests. */
  readonly lookKey: string
  /** Folders whose frames are not the application's. */
  readonly notOwn: readonly string[]
  readonly folder: string
  readonly service: string
}

/** A frame as the inspector tells it. */
export interface SampledFrame {
  readonly name: string
  /** The address of the script without its query: `file:///...`, a path, `node:fs`; empty where it has none. */
  readonly url: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** A request that was found while the main thread was paused. */
export interface SeenRequest extends OpenCall {
  readonly method: string
  readonly route: string
  /** Names the request to the main thread. */
  readonly key: number
}

/** What the main thread knew while it was paused. */
export interface Look {
  readonly request: SeenRequest | null
  readonly inFlight: OpenCall[]
  /** Whether somebody has attached a debugger. */
  readonly isDebugged: boolean
}

/** The stack of the main thread at one moment. */
export interface Sample {
  /** Milliseconds since the loop was last alive. */
  readonly atMs: number
  /** Whether it was asked for while native code ran, and taken as soon as that had returned. */
  readonly isLate: boolean
  /** Innermost first. */
  readonly frames: readonly SampledFrame[]
  /** The beginning of the request's handler; only where no frame is likely to be the application's. */
  readonly handler: SampledFrame | null
  readonly look: Look | null
}

/** A block that is over, or whose process is. */
export interface Block {
  /** When the loop was last alive, in milliseconds since 1970. */
  readonly since: number
  readonly blockedMs: number
  /** The processor time of the process in it; null where the process is gone. */
  readonly cpuMs: number | null
  readonly samples: readonly Sample[]
}

/** What the watchdog tells the main thread. */
export type WatchdogMessage =
  | { readonly what: 'block'; readonly block: Block }
  /** Something of the watchdog's has failed. */
  | { readonly what: 'failure'; readonly text: string }

/** When the main thread was last alive; when the last long silence of it began, and when that ended. In nanoseconds. */
const TIMES = 3
const ALIVE = 0
const SILENT_FROM = 1
const SILENT_TO = 2

const FLAGS = 5
const LIMIT_MS = 0
const IS_DEBUGGED = 1
/** 1 when the main thread is about to end, 2 when the watchdog has told what it knew. */
const ENDING = 2
const HAS_SESSION = 3
const IS_CLOSED = 4

/** What both threads see: when the main thread was last alive, and some flags. */
export class SharedState {
  static bytes: number =
    TIMES * BigInt64Array.BYTES_PER_ELEMENT + FLAGS * Int32Array.BYTES_PER_ELEMENT

  readonly #times: BigInt64Array
  readonly #flags: Int32Array

  constructor(shared: SharedArrayBuffer) {
    this.#times = new BigInt64Array(shared, 0, TIMES)
    this.#flags = new Int32Array(shared, TIMES * BigInt64Array.BYTES_PER_ELEMENT, FLAGS)
  }

  /** When the main thread was last alive, by `nowMs`. */
  get aliveMs(): number {
    return msOf(Atomics.load(this.#times, ALIVE))
  }

  /** The main thread is alive now. */
  beat(): void {
    const last = Atomics.load(this.#times, ALIVE)
    const now = process.hrtime.bigint()
    if (msOf(now - last) >= this.limitMs) {
      Atomics.store(this.#times, SILENT_TO, now)
      Atomics.store(this.#times, SILENT_FROM, last)
    }
    Atomics.store(this.#times, ALIVE, now)
  }

  /** When a silence of the main thread ended that was as long as the limit, by when it was alive before that; undefined for no such silence. */
  endOfSilence(aliveMs: number): number | undefined {
    const isKnown = msOf(Atomics.load(this.#times, SILENT_FROM)) === aliveMs
    return isKnown ? msOf(Atomics.load(this.#times, SILENT_TO)) : undefined
  }

  /** Whether nobody watches any more. */
  get isClosed(): boolean {
    return Atomics.load(this.#flags, IS_CLOSED) === 1
  }

  close(): void {
    Atomics.store(this.#flags, IS_CLOSED, 1)
  }

  get limitMs(): number {
    return Atomics.load(this.#flags, LIMIT_MS)
  }

  set limitMs(limitMs: number) {
    Atomics.store(this.#flags, LIMIT_MS, limitMs)
  }

  get isDebugged(): boolean {
    return Atomics.load(this.#flags, IS_DEBUGGED) === 1
  }

  set isDebugged(isDebugged: boolean) {
    Atomics.store(this.#flags, IS_DEBUGGED, isDebugged ? 1 : 0)
  }

  get hasSession(): boolean {
    return Atomics.load(this.#flags, HAS_SESSION) === 1
  }

  set hasSession(hasSession: boolean) {
    Atomics.store(this.#flags, HAS_SESSION, hasSession ? 1 : 0)
  }

  get isEnding(): boolean {
    return Atomics.load(this.#flags, ENDING) === 1
  }

  /** Asks for what is known; blocks this thread until the watchdog has told it, for `maxMs` at most. */
  askAtEnd(maxMs: number): void {
    Atomics.store(this.#flags, ENDING, 1)
    Atomics.wait(this.#flags, ENDING, 1, maxMs)
  }

  /** The watchdog has told what it knew. */
  answerAtEnd(): void {
    Atomics.store(this.#flags, ENDING, 2)
    Atomics.notify(this.#flags, ENDING)
  }
}

/** Milliseconds of the monotonic clock, which all threads share; `performance.now()` begins anew in each. */
export function nowMs(): number {
  return msOf(process.hrtime.bigint())
}

function msOf(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6
}
