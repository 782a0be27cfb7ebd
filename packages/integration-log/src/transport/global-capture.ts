import type { Dispatcher } from 'undici'
import type { CallRecorder, FailureListener } from '../call.js'
import type { ResolvedOptions } from '../options.js'
import { serviceFinder } from '../service-options.js'
import { originOf } from './call-url.js'
import { GLOBAL_DISPATCHERS, tellsChunks } from './compat-undici.js'
import { DispatchRecorder, recordingDispatcher } from './dispatch-recorder.js'

const CAPTURE: unique symbol = Symbol('GlobalCapture')

/** One app's replacement of the global dispatcher. */
class GlobalCapture {
  readonly #place: symbol
  readonly #previous: Dispatcher
  readonly #dispatcher: Dispatcher
  #isOpen = true

  constructor(place: symbol, base: Dispatcher, calls: DispatchRecorder, options: ResolvedOptions) {
    const serviceAt = serviceFinder(options)
    this.#place = place
    this.#previous = base
    this.#dispatcher = recordingDispatcher(base, {
      [CAPTURE]: this,
      dispatch: (given, handler) => {
        // Only a declared service has bodies to keep; the channels tell of the rest, where they are listened to.
        const service = this.#isOpen ? serviceAt(originOf(given.origin)) : undefined
        if (service === undefined) return base.dispatch(given, handler)
        const fields = { service: service.name }
        return calls.dispatch({ base, service, fields, tellsChunks: true }, given, handler)
      },
    })
    Reflect.set(globalThis, place, this.#dispatcher)
  }

  /** If another dispatcher has replaced this one since, this one stays in place and only forwards. */
  close(): void {
    this.#isOpen = false
    if (placedAt(this.#place) !== this.#dispatcher) return
    Reflect.set(globalThis, this.#place, this.#lastOpen())
  }

  #lastOpen(): Dispatcher {
    const before = (this.#previous as { [CAPTURE]?: GlobalCapture })[CAPTURE]
    return before === undefined || before.#isOpen ? this.#previous : before.#lastOpen()
  }
}

/**
 * Records the bodies of calls to declared services that are made with the built-in fetch, or with another copy of undici, by
 * replacing the global dispatcher; does nothing on Nodes whose diagnostics channels carry bodies.
 *
 * @returns Puts the dispatcher back that was there before.
 */
export function captureGlobalFetch(
  recorder: CallRecorder,
  options: ResolvedOptions,
  onFailure: FailureListener,
): () => void {
  if (tellsChunks(process.versions.undici)) return () => undefined
  loadBuiltInFetch()
  const calls = new DispatchRecorder(recorder, options, false, onFailure)
  const captures = GLOBAL_DISPATCHERS.flatMap((place) => {
    const base = placedAt(place)
    return base === undefined ? [] : [new GlobalCapture(place, base, calls, options)]
  })
  return () => {
    for (const capture of captures) capture.close()
  }
}

/** Loads Node's fetch, which sets a global dispatcher where there is none; reading one of fetch's classes does it. */
function loadBuiltInFetch(): void {
  Reflect.get(globalThis, 'Response')
}

function placedAt(place: symbol): Dispatcher | undefined {
  return Reflect.get(globalThis, place)
}
