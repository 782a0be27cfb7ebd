/**
 * Marks a request of undici as one that a recorder of ours sees pass as it is, so that the diagnostics channels, which tell of
 * it too, do not record it again.
 *
 * There is no place made for it. The mark travels in an option of the request that says yes or no, where it means yes: undici
 * keeps it as it is, also through its queues, its proxies and other dispatchers, and nothing of it reaches the wire.
 */
export class CallMark {
  /** The recorder of a service, or of the global dispatcher of one app. */
  readonly owner: object
  /** Whether the call is a service's: then it is nobody else's. */
  readonly isServiceCall: boolean
  readonly #outer: CallMark | undefined
  /** Set by who sees the request being made: what it then goes out with. */
  request: { readonly headers?: unknown } | undefined

  constructor(owner: object, isServiceCall: boolean, outer: CallMark | undefined) {
    this.owner = owner
    this.isServiceCall = isServiceCall
    this.#outer = outer
  }

  /** Whether an app need not record the call, since it does so already, or another app owns it. */
  covers(owner: object): boolean {
    if (this.isServiceCall || this.owner === owner) return true
    return this.#outer?.covers(owner) ?? false
  }
}

/** What of the options of a request can carry a mark. */
interface Markable {
  readonly method?: unknown
  readonly idempotent?: unknown
  readonly blocking?: unknown
}

/** The mark of a request of undici, or of the options of one. */
export function markOf({ idempotent, blocking }: Markable): CallMark | undefined {
  if (idempotent instanceof CallMark) return idempotent
  return blocking instanceof CallMark ? blocking : undefined
}

/**
 * The options with a mark. GET and HEAD are idempotent, and undici takes all others for blocking, unless it is told otherwise:
 * then all that is lost is that requests are not pipelined behind this one.
 */
export function withMark<Options extends Markable>(options: Options, mark: CallMark): Options {
  const { method, idempotent } = options
  const isIdempotent = (method === 'GET' || method === 'HEAD') && idempotent !== false
  // Four times as fast as a spread that adds a field.
  return Object.assign({}, options, isIdempotent ? { idempotent: mark } : { blocking: mark })
}
