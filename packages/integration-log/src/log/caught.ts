/** A thrown value, and the answer's body that came before it was thrown, if one did. */
export class Caught {
  readonly error: unknown
  readonly body: unknown

  constructor(error: unknown, body?: unknown) {
    this.error = error
    this.body = body
  }
}
