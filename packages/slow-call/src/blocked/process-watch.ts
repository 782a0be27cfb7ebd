import { randomUUID } from 'node:crypto'
import { url as inspectorUrl } from 'node:inspector'
import {
  isMainThread,
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads'
import { onProcessEnd, ownThreadOptions } from '@fastify-scs/core/kit'
import type { Call } from '../call.js'
import { ownFolders } from './frames.js'
import { type LookedAtApp, Looker } from './looker.js'
import {
  type Block,
  nowMs,
  type SeenRequest,
  SharedState,
  type WatchdogMessage,
  type WatchdogStart,
} from './protocol.js'

/** How long the end of the process waits for what the watchdog knows, in milliseconds. */
const END_WAIT_MS = 1_000

/** An app that wants to hear of a blocked event loop. */
export interface WatchingApp extends LookedAtApp {
  readonly limitMs: number
  readonly log: object
  /** The loop was blocked. `callOf` finds the call of a request that a sample names. */
  onBlock(block: Block, callOf: (request: SeenRequest) => Call | undefined): void
  /** Somebody has attached a debugger, and may stop the loop; or has left. */
  onDebugger(isAttached: boolean): void
  /** Something of the watch has failed. */
  onFailure(text: string): void
  /** The watch has ended by a failure. */
  onLost(): void
}

/** What the thread is started with. */
export interface ThreadSetup {
  readonly workerUrl: URL
  readonly folder: string
  readonly service: string
}

/** The watch of the process: there is one event loop, so there is one thread for all apps of the process. */
let processWatch: ProcessWatch | null = null

/** Why the event loop of this thread cannot be watched; undefined where it can. */
export function obstacle(): string | undefined {
  if (!isMainThread) return 'the app runs in a worker thread'
  // Connecting to the main thread would end the process there: Node.js has no inspector then, and does not check.
  if ((process as { permission?: unknown }).permission !== undefined)
    return 'the permission model refuses the inspector'
  if (!process.features.inspector) return 'this Node.js has no inspector'
  if (inspectorUrl() !== undefined) return 'a debugger is attached'
  return undefined
}

/** Joins the watch of the process, or begins it; the function that is returned says that the loop is alive. @throws what Node says when it cannot start the thread */
export function joinProcessWatch(
  app: WatchingApp,
  setup: ThreadSetup,
): { beat(): void; leave(): void } {
  processWatch ??= new ProcessWatch(setup, () => {
    processWatch = null
  })
  const watch = processWatch
  watch.add(app)
  return { beat: () => watch.beat(), leave: () => watch.remove(app) }
}

/** The thread that watches, and the apps that hear of it. */
class ProcessWatch {
  readonly #apps = new Set<WatchingApp>()
  readonly #looker = new Looker<WatchingApp>(this.#apps)
  readonly #lookKey: symbol
  readonly #shared: SharedArrayBuffer = new SharedArrayBuffer(SharedState.bytes)
  readonly #state: SharedState
  readonly #port: MessagePort
  readonly #onEnd: () => void
  #endLastCall: (() => void) | undefined
  /** Whether the thread has ended, or is about to. */
  #isGone = false

  constructor({ workerUrl, folder, service }: ThreadSetup, onEnd: () => void) {
    this.#onEnd = onEnd
    this.#state = new SharedState(this.#shared)
    this.beat()
    const lookKey = `@fastify-scs/slow-call/look/${randomUUID()}`
    this.#lookKey = Symbol.for(lookKey)
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const notOwn = ownFolders()
    const workerData: WatchdogStart = {
      port: port2,
      shared: this.#shared,
      lookKey,
      notOwn,
      folder,
      service,
    }
    const worker = new Worker(workerUrl, {
      workerData,
      transferList: [port2],
      ...ownThreadOptions('scs-slow-call'),
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    })
    worker.unref()
    worker.on('error', (error) => this.#lose(`the thread has failed: ${error.message}`))
    worker.on('exit', (code) => this.#lose(`the thread has ended by itself, with code ${code}`))
    port1.on('message', (message: WatchdogMessage) => this.#take(message))
    port1.unref()
    Object.defineProperty(globalThis, this.#lookKey, { value: this.#looker, configurable: true })
  }

  add(app: WatchingApp): void {
    if (this.#apps.size === 0) this.#endLastCall = onProcessEnd(() => this.#settleAtEnd(), app.log)
    this.#apps.add(app)
    this.#setLimit()
  }

  remove(app: WatchingApp): void {
    if (!this.#apps.delete(app)) return
    if (this.#apps.size === 0) this.#close()
    else this.#setLimit()
  }

  beat(): void {
    this.#state.beat()
    const isDebugged = inspectorUrl() !== undefined
    if (isDebugged === this.#state.isDebugged) return
    this.#state.isDebugged = isDebugged
    for (const app of this.#apps) app.onDebugger(isDebugged)
  }

  #setLimit(): void {
    this.#state.limitMs = Math.min(...[...this.#apps].map(({ limitMs }) => limitMs))
    // It may be waiting for longer than that.
    this.#port.postMessage('limit')
  }

  /** The thread has died, or somebody has ended it: the apps may begin anew. */
  #lose(why: string): void {
    if (this.#isGone) return
    this.#fail(why)
    const apps = [...this.#apps]
    this.#apps.clear()
    this.#close()
    for (const app of apps) app.onLost()
  }

  #close(): void {
    this.#isGone = true
    // The thread ends by itself, and takes its file with it. While it starts, it does not hear that its port is closed.
    this.#state.close()
    this.#port.close()
    this.#endLastCall?.()
    Reflect.deleteProperty(globalThis, this.#lookKey)
    this.#onEnd()
  }

  #take(message: WatchdogMessage): void {
    if (message.what === 'failure') this.#fail(message.text)
    else this.#deliver(message.block)
  }

  /** One app reports it: that of the request, else the first whose limit is reached. */
  #deliver(block: Block): void {
    const requests = block.samples.flatMap(({ look }) => look?.request ?? [])
    const found = requests.map((request) => this.#looker.found(request.key))
    this.#looker.forget()
    const app = found.find((each) => each !== undefined)?.app ?? this.#firstOver(block)
    if (app === undefined || !this.#apps.has(app) || block.blockedMs < app.limitMs) return
    app.onBlock(block, (request) => {
      const at = requests.indexOf(request)
      return found[at]?.app === app ? found[at]?.call : undefined
    })
  }

  #firstOver({ blockedMs }: Block): WatchingApp | undefined {
    return [...this.#apps].find(({ limitMs }) => blockedMs >= limitMs)
  }

  /** The process ends while the loop is, or was, blocked: what is known is delivered now. */
  #settleAtEnd(): void {
    const isBlocked = nowMs() - this.#state.aliveMs >= this.#state.limitMs
    // A session that is open would be waited for, with a line on the standard error output.
    if (this.#isGone || !(isBlocked || this.#state.hasSession)) return
    this.#state.askAtEnd(END_WAIT_MS)
    for (;;) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) return
      this.#take(received.message as WatchdogMessage)
    }
  }

  #fail(text: string): void {
    const [app] = this.#apps
    app?.onFailure(text)
  }
}
