import { type Debugger, type Runtime, Session } from 'node:inspector'
import { beginningOf } from '@fastify-scs/core/kit/plain'
import { isOwnFrame } from './frames.js'
import type { Look, SampledFrame, SeenRequest } from './protocol.js'

/** Frames that are kept of a stack; of a deeper one the innermost and the outermost half. */
const MAX_FRAMES = 64
/** Frames that are asked for a request among their local variables. */
const MAX_ASKED_FRAMES = 30
const MAX_NAME_CHARS = 100
const MAX_URL_CHARS = 500
/** How long the main thread is held at most, in milliseconds. */
const MAX_HELD_MS = 500

/** What was seen of the main thread while it was paused. */
export interface Seen {
  readonly frames: readonly SampledFrame[]
  readonly handler: SampledFrame | null
  readonly look: Look | null
}

/**
 * Takes the stack of the main thread through the inspector. A session is open for as long as one stack takes: one that is open when the
 * process ends would be waited for, and while the debugger is on, a `debugger` statement of the application would stop it.
 */
export class StackSampler {
  readonly #look: string
  readonly #notOwn: readonly string[]

  /** @param notOwn folders whose frames are not the application's */
  constructor(lookKey: string, notOwn: readonly string[]) {
    this.#notOwn = notOwn
    this.#look = `globalThis[Symbol.for(${JSON.stringify(lookKey)})]`
  }

  /** The stack, as soon as JavaScript runs on the main thread; undefined when that was no longer waited for. @throws what the inspector says */
  async take(signal: AbortSignal): Promise<Seen | undefined> {
    const session = new Session()
    const scripts = new Map<string, string>()
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
    session.connectToMainThread()
    try {
      const pause = nextPause(session, signal)
      // Their answers come when the main thread is back in JavaScript, and so does the pause.
      post(session, 'Debugger.enable').catch(() => undefined)
      post(session, 'Debugger.pause').catch(() => undefined)
      const callFrames = await pause
      if (callFrames === undefined) return undefined
      const frames = bounded(callFrames).map(({ functionName, location }) =>
        frameOf(functionName, scripts.get(location.scriptId) ?? '', location),
      )
      const look = await within(this.#lookAround(session, callFrames))
      const request = frames.some((frame) => isOwnFrame(frame, this.#notOwn)) ? null : look?.request
      const handler =
        request == null ? null : await within(this.#handler(session, request.key, scripts))
      return { frames, handler, look }
    } finally {
      if (!signal.aborted) await within(post(session, 'Debugger.disable'))
      session.disconnect()
    }
  }

  /** What the main thread knows of its requests; by the asynchronous context, else by the local variables of the frames. */
  async #lookAround(session: Session, frames: readonly Debugger.CallFrame[]): Promise<Look | null> {
    const look = parsed<Look>(
      await post(session, 'Runtime.evaluate', {
        expression: `${this.#look}?.around()`,
        returnByValue: true,
        silent: true,
      }),
    )
    if (look === undefined) return null
    if (look.request !== null) return look
    for (const { scopeChain } of frames.slice(0, MAX_ASKED_FRAMES)) {
      const objectId = scopeChain.find(({ type }) => type === 'local')?.object.objectId
      if (objectId === undefined) continue
      const request = parsed<SeenRequest>(
        await post(session, 'Runtime.callFunctionOn', {
          objectId,
          functionDeclaration: `function () { return ${this.#look}?.among(Object.values(this)) }`,
          returnByValue: true,
          silent: true,
        }),
      )
      if (request !== undefined) return { ...look, request }
    }
    return look
  }

  /** Where the handler of a request begins. */
  async #handler(
    session: Session,
    key: number,
    scripts: ReadonlyMap<string, string>,
  ): Promise<SampledFrame | null> {
    const expression = `${this.#look}?.handlerOf(${key})`
    const answer = await post(session, 'Runtime.evaluate', { expression, silent: true })
    const { objectId } = (answer as Runtime.EvaluateReturnType).result
    if (objectId === undefined) return null
    const properties = await post(session, 'Runtime.getProperties', {
      objectId,
      ownProperties: true,
    })
    const { internalProperties = [], result } = properties as Runtime.GetPropertiesReturnType
    const location = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value
      ?.value as Debugger.Location | undefined
    if (location === undefined) return null
    const functionName: unknown = result.find(({ name }) => name === 'name')?.value?.value
    return frameOf(
      typeof functionName === 'string' ? functionName : '',
      scripts.get(location.scriptId) ?? '',
      location,
    )
  }
}

function nextPause(
  session: Session,
  signal: AbortSignal,
): Promise<readonly Debugger.CallFrame[] | undefined> {
  return new Promise((resolve) => {
    session.once('Debugger.paused', ({ params }) => resolve(params.callFrames))
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function post(session: Session, method: string, params: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, answer) => {
      if (error === null) resolve(answer)
      else reject(error)
    })
  })
}

/** The result; null when it fails or takes too long. */
async function within<Result>(result: Promise<Result>): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), MAX_HELD_MS)
  })
  try {
    return await Promise.race([result.catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a call of the main thread has returned as JSON text; undefined for nothing. */
function parsed<Value>(answer: unknown): Value | undefined {
  const { result } = answer as { readonly result?: { readonly value?: unknown } }
  return typeof result?.value === 'string' ? (JSON.parse(result.value) as Value) : undefined
}

function bounded(frames: readonly Debugger.CallFrame[]): readonly Debugger.CallFrame[] {
  if (frames.length <= MAX_FRAMES) return frames
  return [...frames.slice(0, MAX_FRAMES / 2), ...frames.slice(-MAX_FRAMES / 2)]
}

function frameOf(name: string, url: string, location: Debugger.Location): SampledFrame {
  return {
    name: beginningOf(name, MAX_NAME_CHARS),
    url: addressOf(url),
    line: location.lineNumber + 1,
    column: (location.columnNumber ?? 0) + 1,
  }
}

/** A script's address without its query, which may hold anything; of one that holds its own text only the scheme. */
function addressOf(url: string): string {
  const address = url.startsWith('data:') ? 'data:' : url.replace(/[?#].*$/s, '')
  return beginningOf(address, MAX_URL_CHARS)
}
