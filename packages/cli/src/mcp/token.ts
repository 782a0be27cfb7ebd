import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { NoTokenError, TokenError } from './errors.js'

/** The variable that may hold the token. */
export const TOKEN_VARIABLE = 'SCS_MCP_TOKEN'
const FORM = /^[!-~]{24,512}$/

/** The token that clients must send. It is never an argument of the program: other users of the machine can read these. */
export class AccessToken {
  readonly #digest: Buffer

  /** @throws TokenError */
  constructor(token: string, from: string) {
    if (!FORM.test(token))
      throw new TokenError(from, 'it needs 24 to 512 visible ASCII characters without spaces')
    this.#digest = digestOf(token)
  }

  /**
   * Takes it from a file or from the variable.
   *
   * @throws NoTokenError where there is none; TokenError where it cannot be read, is too short, or both give one
   */
  static read(
    file: string | undefined,
    env: Readonly<Record<string, string | undefined>>,
  ): AccessToken {
    const given = env[TOKEN_VARIABLE]
    if (file === undefined) {
      if (given === undefined || given === '') throw new NoTokenError()
      return new AccessToken(given, `the variable ${TOKEN_VARIABLE}`)
    }
    if (given !== undefined && given !== '')
      throw new TokenError(`the file ${file}`, `the variable ${TOKEN_VARIABLE} is set as well`)
    return new AccessToken(contentOf(file).trim(), `the file ${file}`)
  }

  /** Whether a header `Authorization` has it. How long the answer takes does not tell how much of it was right. */
  isIn(authorization: string | undefined): boolean {
    const [, sent] = /^bearer +([!-~]+) *$/i.exec(authorization ?? '') ?? []
    return timingSafeEqual(digestOf(sent ?? ''), this.#digest)
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new TokenError(`the file ${file}`, error instanceof Error ? error.message : String(error))
  }
}
