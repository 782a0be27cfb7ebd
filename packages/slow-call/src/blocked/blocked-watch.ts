import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { JsonValue } from '@fastify-scs/core'
import { audibleLog, lifeOf } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import { type Call, callKey, type WatchedLife } from '../call.js'
import type { Settings } from '../options.js'
import { endpointOf } from '../report.js'
import type { CallWatch } from '../watch.js'
import { BlockedDelivery } from './blocked-delivery.js'
import type { BlockedReport, OpenCall } from './blocked-report.js'
import { ownFolders } from './frames.js'
import { takeLeftBlocks } from './left-behind.js'
import { type BlockSource, findingOf, MAX_IN_FLIGHT } from './make-report.js'
import { openCallsOf } from './open-calls.js'
import { BlockedPlaces } from './places.js'
import { joinProcessWatch, obstacle, type WatchingApp } from './process-watch.js'
import type { Block, SeenRequest } from './protocol.js'
import { redactedReport } from './redact-report.js'
import { workerUrlOf } from './worker-url.js'

/** Characters of an id of a request, which a client may have sent. */
const MAX_ID_CHARS = 128

/** Whose thread has died watches again after this time, in milliseconds: what has ended it may do so again. */
const REST_MS = 60_000

/** What has been seen of a blocked event loop. */
export interface BlockedStats {
  /** Whether the event loop is watched; it is once the server listens. */
  readonly isWatched: boolean
  /** How often it was blocked for longer than `blockedAfterMs`. */
  readonly blocked: number
  /** Milliseconds of these together. */
  readonly blockedMs: number
  /** Reports that were taken. */
  readonly delivered: number
  /** Reports that neither the error reporter nor `onBlocked` took; they are in the log. */
  readonly failed: number
  /** Blocks that were counted and not reported. */
  readonly suppressed: number
  /** How often the watch itself has failed. */
  readonly watchFailures: number
}

/** The watch of an app over the event loop: it joins that of the process, and reports what that sees. */
export class BlockedWatch {
  readonly #app: FastifyInstance
  readonly #limitMs: number
  readonly #settings: Settings
  readonly #calls: CallWatch
  readonly #log: FastifyBaseLogger
  readonly #delivery: BlockedDelivery
  readonly #places = new BlockedPlaces()
  readonly #notOwn = ownFolders()
  readonly #folder: string
  #process: ReturnType<typeof joinProcessWatch> | undefined
  #isDecided = false
  /** When the watch may begin again after its thread was lost. */
  #restsUntilMs = Number.POSITIVE_INFINITY
  readonly #counts = { blocked: 0, blockedMs: 0, suppressed: 0, watchFailures: 0 }

  constructor(app: FastifyInstance, settings: Settings, limitMs: number, calls: CallWatch) {
    this.#app = app
    this.#limitMs = limitMs
    this.#settings = settings
    this.#calls = calls
    this.#log = audibleLog(app.log)
    this.#delivery = new BlockedDelivery(app, settings.onBlocked)
    this.#folder = settings.blockedFolder ?? defaultFolder(app.scs.source)
  }

  /** The loop is alive; to be called at every tick. Begins to watch as soon as the server listens. */
  tick(): void {
    if (this.#process !== undefined) this.#process.beat()
    else if (!this.#isDecided && this.#app.server.listening) this.#start()
    else if (performance.now() >= this.#restsUntilMs) this.#begin()
  }

  stop(): void {
    this.#isDecided = true
    this.#restsUntilMs = Number.POSITIVE_INFINITY
    this.#process?.leave()
    this.#process = undefined
  }

  stats(): BlockedStats {
    const { delivered, failed } = this.#delivery
    return { isWatched: this.#process !== undefined, ...this.#counts, delivered, failed }
  }

  #start(): void {
    this.#isDecided = true
    // What an earlier process has left is told also where this one cannot watch.
    void this.#tellLeftBlocks()
    this.#begin()
  }

  #begin(): void {
    this.#restsUntilMs = Number.POSITIVE_INFINITY
    const reason = obstacle()
    if (reason !== undefined) {
      this.#app.log.info(`the event loop is not watched for blocks: ${reason}`)
      return
    }
    const workerUrl = workerUrlOf(this.#settings.blockedWorkerUrl)
    if (workerUrl === undefined) {
      this.#log.warn(
        'the event loop is not watched for blocks: the file of its thread was not found. In a bundle, build @fastify-scs/slow-call/blocked-worker as a file of its own and name it as blockedWorkerUrl, or set blockedAfterMs: false',
      )
      return
    }
    const setup = { workerUrl, folder: this.#folder, service: this.#app.scs.source }
    try {
      this.#process = joinProcessWatch(this.#watchingApp(), setup)
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  #watchingApp(): WatchingApp {
    return {
      limitMs: this.#limitMs,
      log: this.#app.log,
      callOf: (request) => this.#callOf(request),
      describe: (call) => describe(call, this.#calls, performance.now()),
      inFlight: () => inFlightOf(this.#calls),
      onBlock: (block, callOf) => this.#onBlock(block, callOf),
      onDebugger: (isAttached) =>
        this.#app.log.info(
          isAttached
            ? 'a debugger is attached: until it leaves, the event loop is not watched for blocks'
            : 'the debugger has left: the event loop is watched for blocks again',
        ),
      onFailure: (text) => this.#fail(text),
      onLost: () => {
        this.#process = undefined
        this.#restsUntilMs = performance.now() + REST_MS
      },
    }
  }

  #callOf(request: FastifyRequest): Call | undefined {
    if (request.server.slowCall !== this.#app.slowCall) return undefined
    return (lifeOf(request) as WatchedLife | undefined)?.[callKey]
  }

  #onBlock(block: Block, callOf: (request: SeenRequest) => Call | undefined): void {
    const { report, isStarved, request, place, way } = this.#finding(block, 'ended', this.#limitMs)
    if (isStarved) return
    this.#counts.blocked++
    this.#counts.blockedMs += report.blockedMs
    const suppressed = this.#places.count(place, way, block.blockedMs, performance.now())
    if (suppressed === undefined) {
      this.#counts.suppressed++
      return
    }
    const seen = request === undefined ? undefined : callOf(request)
    const live = seen?.life.request
    const known = live === undefined ? {} : this.#knownOf(live, block.since)
    this.#deliver({ ...report, ...known, suppressed }, live)
  }

  #knownOf(request: FastifyRequest, since: number): { url: string; openCalls: JsonValue[] } {
    const url = this.#app.scs.redactor.url(request.url)
    return { url, openCalls: openCallsOf(this.#app.scs.requestFacts.of(request), since) }
  }

  #finding(block: Block, end: BlockedReport['end'], limitMs: number) {
    const source: BlockSource = { limitMs, end, notOwn: this.#notOwn }
    return findingOf(block, source)
  }

  #deliver(report: BlockedReport, request: FastifyRequest | undefined): void {
    this.#delivery.deliver(redactedReport(report, this.#app.scs.redactor), request)
  }

  async #tellLeftBlocks(): Promise<void> {
    const onRefused = (path: string, why: string): void =>
      this.#log.warn({ path }, `the file of a blocked event loop is refused: ${why}`)
    try {
      const left = await takeLeftBlocks(this.#folder, this.#app.scs.source, onRefused)
      for (const { block, limitMs } of left) {
        const { report } = this.#finding(block, 'process-ended', limitMs)
        this.#deliver(report, undefined)
      }
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  #fail(text: string): void {
    this.#counts.watchFailures++
    this.#log.error(
      `the watch over the event loop has failed: ${this.#app.scs.redactor.text(text)}`,
    )
  }
}

/** Below the folder for temporary files; of this user alone, since another one may use the same name. */
function defaultFolder(service: string): string {
  const user = process.geteuid?.() ?? 'user'
  const name = service.replaceAll(/[^\w.-]/g, '_').slice(0, 64)
  return join(tmpdir(), `scs-blocked-${name}-${user}`)
}

function describe(call: Call, calls: CallWatch, now: number): Omit<SeenRequest, 'key'> {
  const route = calls.routeOf(call)
  const { method } = call.life.request
  return { ...openCallOf(call, calls, now), method, route: route.url }
}

function inFlightOf(calls: CallWatch): OpenCall[] {
  const now = performance.now()
  const open: OpenCall[] = []
  for (const call of calls.calls) {
    if (open.push(openCallOf(call, calls, now)) >= MAX_IN_FLIGHT) break
  }
  return open
}

function openCallOf(call: Call, calls: CallWatch, now: number): OpenCall {
  return {
    endpoint: endpointOf(call, calls.routeOf(call)),
    requestId: String(call.life.request.id).slice(0, MAX_ID_CHARS),
    ageMs: Math.round(now - call.life.arrivedAt),
  }
}
