import { createInterface } from 'node:readline/promises'
import { NotConfirmedError } from '../errors.js'
import type { Io } from '../io.js'

/** Asks whether something is to be done; where nobody can be asked, `--yes` must say it. @throws NotConfirmedError */
export async function confirm(io: Io, isYes: boolean, what: string): Promise<void> {
  if (isYes) return
  if (io.stdin.isTTY !== true) throw new NotConfirmedError(what)
  const asking = createInterface({ input: io.stdin, output: io.stderr })
  try {
    // Ctrl-C and the end of the input are no.
    const answer = await Promise.race([
      asking.question(`${what}. Go on? [y/N] `),
      new Promise<string>((resolve) => asking.once('close', () => resolve(''))),
    ])
    if (/^y(es)?$/i.test(answer.trim())) return
    throw new NotConfirmedError(what)
  } finally {
    asking.close()
  }
}
