import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Side } from './side.js'

const MAX_ANSWER_WAIT_MS = 10_000

interface Series {
  remaining: number
  /** When the request was sent that is not answered, on the clock of `performance.now`. */
  sentAtMs: number
  readonly onAnswer: ((elapsedMs: number) => void) | undefined
  resolve: (last: Answer) => void
  reject: (error: Error) => void
}

/** A keep-alive connection that sends one constant request after another, never two at once. */
export class Connection {
  readonly #socket: Socket
  readonly #request: Buffer
  readonly #expectedStatus: number
  readonly #reader = new AnswerReader()
  #series: Series | null = null
  #failure: Error | null = null

  private constructor(socket: Socket, side: Side) {
    this.#socket = socket
    this.#expectedStatus = side.expectedStatus
    const { method, path } = side.request
    this.#request = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`, 'latin1')
    socket.setTimeout(MAX_ANSWER_WAIT_MS)
    socket.on('data', (received) => this.#receive(received))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server closed the connection')))
    socket.on('timeout', () => {
      // A connection may rest as long as it likes between its bursts.
      if (this.#series !== null) this.#fail(new Error(`No answer in ${MAX_ANSWER_WAIT_MS} ms`))
    })
  }

  /** Connects to the server of a side on a local port. */
  static async open(port: number, side: Side): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket, side)
  }

  /**
   * Sends the request the given number of times, each after the answer to the one before.
   *
   * @param onAnswer told how long each answer took, in milliseconds
   * @returns the last answer
   * @throws Error when an answer has another status, is missing or is one too many
   */
  ask(times: number, onAnswer?: (elapsedMs: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure)
      const sentAtMs = performance.now()
      this.#series = { remaining: times, sentAtMs, onAnswer, resolve, reject }
      this.#socket.write(this.#request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(received: Buffer): void {
    try {
      for (const answer of this.#reader.read(received)) this.#take(answer)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #take(answer: Answer): void {
    const series = this.#series
    if (series === null) throw new Error(`An answer that nothing asked for: ${answer.status}`)
    if (answer.status !== this.#expectedStatus) {
      throw new Error(`Answered ${answer.status}, expected ${this.#expectedStatus}: ${answer.body}`)
    }
    const nowMs = performance.now()
    series.onAnswer?.(nowMs - series.sentAtMs)
    series.remaining -= 1
    if (series.remaining > 0) {
      series.sentAtMs = nowMs
      this.#socket.write(this.#request)
    } else {
      this.#series = null
      series.resolve(answer)
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#series?.reject(this.#failure)
    this.#series = null
    this.#socket.destroy()
  }
}

/** One complete HTTP answer; every character of the body is one byte. */
export interface Answer {
  status: number
  body: string
}

const HEAD_END = '\r\n\r\n'

/** Cuts the bytes of one keep-alive connection into answers by their content-length. */
export class AnswerReader {
  #pending = ''

  /**
   * Takes what was received and returns the answers that it completes.
   *
   * @throws Error for anything that is not an HTTP/1.1 answer with a content-length
   */
  read(received: Buffer): Answer[] {
    this.#pending += received.toString('latin1')
    const answers: Answer[] = []
    for (let answer = this.#next(); answer !== null; answer = this.#next()) answers.push(answer)
    return answers
  }

  #next(): Answer | null {
    const headEnd = this.#pending.indexOf(HEAD_END)
    if (headEnd === -1) return null
    const head = this.#pending.slice(0, headEnd)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    if (status === undefined || length === undefined) {
      throw new Error(`Not an HTTP/1.1 answer with a content-length: ${JSON.stringify(head)}`)
    }
    const bodyStart = headEnd + HEAD_END.length
    const bodyEnd = bodyStart + Number(length)
    if (this.#pending.length < bodyEnd) return null
    const body = this.#pending.slice(bodyStart, bodyEnd)
    this.#pending = this.#pending.slice(bodyEnd)
    return { status: Number(status), body }
  }
}
