import { createServer, type IncomingMessage, type Server } from 'node:http'

const MAX_WAIT_MS = 20_000
/** Items of Sentry's envelopes that no error has caused: they come by the clock. */
const NO_REPORT = /^\{"type":"(?:sessions?|client_report)"/m

interface Wait {
  remaining: number
  resolve: () => void
}

/** An HTTP server that answers everything with 200, keeps nothing, and counts the reports under each path. */
export class Sink {
  readonly #server: Server
  readonly #maxWaitMs: number
  readonly #waits = new Map<string, Wait>()

  private constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs
    this.#server = createServer((request, response) => {
      const body: Buffer[] = []
      request.on('data', (chunk: Buffer) => body.push(chunk))
      request.on('end', () => {
        response.setHeader('content-type', 'application/json').end('{}')
        this.#count(request, Buffer.concat(body).toString('latin1'))
      })
    })
  }

  /** Starts a sink, hands it over, and ends it whatever happens. */
  static async with<T>(
    use: (sink: Sink) => Promise<T>,
    maxWaitMs: number = MAX_WAIT_MS,
  ): Promise<T> {
    const sink = new Sink(maxWaitMs)
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve))
    try {
      return await use(sink)
    } finally {
      sink.#server.close()
      sink.#server.closeAllConnections()
    }
  }

  /** `127.0.0.1:<port>` */
  get host(): string {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The sink does not listen')
    return `127.0.0.1:${address.port}`
  }

  /**
   * Resolves when so many more reports have come in under a path.
   *
   * @throws Error when they do not, or when more than were asked for have come in before
   */
  async arrival(path: string, count: number): Promise<void> {
    const last = this.#waits.get(path)
    if (last !== undefined && last.remaining < 0) {
      throw new Error(`${-last.remaining} reports too many to ${path}`)
    }
    const wait: Wait = { remaining: count, resolve: () => {} }
    this.#waits.set(path, wait)
    let patience: NodeJS.Timeout | undefined
    await new Promise<void>((resolve, reject) => {
      wait.resolve = resolve
      patience = setTimeout(() => {
        reject(new Error(`${wait.remaining} of ${count} reports to ${path} have not arrived`))
      }, this.#maxWaitMs)
    }).finally(() => clearTimeout(patience))
  }

  #count({ url = '' }: IncomingMessage, body: string): void {
    const wait = this.#waits.get(url.split('?', 1)[0] ?? '')
    if (wait === undefined || NO_REPORT.test(body)) return
    wait.remaining -= 1
    if (wait.remaining === 0) wait.resolve()
  }
}
