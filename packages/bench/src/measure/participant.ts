import type { ChildProcess } from 'node:child_process'
import { nameOfProgram, nextMessage, type Program, startChild, stopChild } from './child.js'
import { cpuTimeNs, mainThreadTimeNs, settledCpuTimeNs } from './cpu-time.js'

const MAX_ANSWER_MS = 120_000
/** A store that ends with a full queue has 5 seconds for it. */
const MAX_STOP_MS = 8_000

/** What one turn showed: figures by name, with their units in the names. */
export type Sample = Readonly<Record<string, number>>

/** A running program that answers requests for turns and figures. */
export class Participant {
  readonly #program: Program
  readonly #child: ChildProcess
  readonly #pid: number

  private constructor(program: Program, child: ChildProcess, pid: number) {
    this.#program = program
    this.#child = child
    this.#pid = pid
  }

  /** Starts a program, hands it over once it is ready, and ends it whatever happens. */
  static async with<T>(program: Program, use: (one: Participant) => Promise<T>): Promise<T> {
    const child = startChild(program)
    try {
      await nextMessage(child, 'report').catch((cause) => {
        throw new Error(`Cannot start ${nameOfProgram(program)}`, { cause })
      })
      if (child.pid === undefined) throw new Error('The program has no process id')
      return await use(new Participant(program, child, child.pid))
    } finally {
      await stopChild(child, MAX_STOP_MS)
    }
  }

  /** As `with`, for several programs at once. */
  static async withAll<T>(
    programs: Readonly<Record<string, Program>>,
    use: (all: ReadonlyMap<string, Participant>) => Promise<T>,
  ): Promise<T> {
    const [first, ...rest] = Object.entries(programs)
    if (first === undefined) return use(new Map())
    const [name, program] = first
    return Participant.with(program, (one) =>
      Participant.withAll(Object.fromEntries(rest), (others) =>
        use(new Map([[name, one], ...others])),
      ),
    )
  }

  /** One turn, with the CPU time in nanoseconds that its main thread (`mainThreadNs`) and all threads (`cpuNs`) took. */
  async turn(): Promise<Sample> {
    const mainBeforeNs = await settledCpuTimeNs(this.#pid, mainThreadTimeNs)
    const beforeNs = cpuTimeNs(this.#pid)
    const sample = await this.ask('turn')
    const mainThreadNs = (await settledCpuTimeNs(this.#pid, mainThreadTimeNs)) - mainBeforeNs
    return { ...sample, mainThreadNs, cpuNs: cpuTimeNs(this.#pid) - beforeNs }
  }

  /**
   * Asks for something that the program answers with figures.
   *
   * @throws Error when it ends or does not answer
   */
  async ask(request: string): Promise<Sample> {
    try {
      const answer = nextMessage(this.#child, 'answer', MAX_ANSWER_MS)
      this.#child.send({ request })
      return sampleOf(await answer)
    } catch (cause) {
      throw new Error(`${nameOfProgram(this.#program)} failed`, { cause })
    }
  }
}

function sampleOf(message: unknown): Sample {
  if (typeof message === 'object' && message !== null && 'sample' in message) {
    const { sample } = message
    if (typeof sample === 'object' && sample !== null) return sample as Sample
  }
  throw new Error(`It sent ${JSON.stringify(message)} instead of its figures`)
}
