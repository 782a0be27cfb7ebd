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
