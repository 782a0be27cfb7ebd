import { performance } from 'node:perf_hooks'

/** Bodies that may wait, in bytes. */
const MAX_PENDING_BYTES = 33_554_432
/** Calls that may wait. */
const MAX_PENDING_JOBS = 10_000
/** Then the host has its turn again, in milliseconds. */
const SLICE_MS = 4

/** One call whose description waits. */
export interface DescribeJob {
  /** Of its bodies. */
  readonly bytes: number
  /** Undone compression, which happens elsewhere; must not reject. */
  readonly ready?: Promise<void> | undefined
  /** Describes and writes; must not throw. */
  run(): void
}

/** Describes calls once the host has its answers, in slices of a few milliseconds. */
export class DescribeQueue {
  readonly #waiting: DescribeJob[] = []
  #bytes = 0
  #jobs = 0
  #isScheduled = false
  #idle: (() => void)[] = []

  /** Whether a job with bodies of so many bytes may be added. */
  hasRoom(bytes: number): boolean {
    if (this.#jobs >= MAX_PENDING_JOBS) return false
    return bytes === 0 || this.#bytes + bytes <= MAX_PENDING_BYTES
  }

  /** Takes a job, for which there is room. */
  add(job: DescribeJob): void {
    this.#jobs++
    this.#bytes += job.bytes
    if (job.ready === undefined) this.#enqueue(job)
    else void job.ready.then(() => this.#enqueue(job))
  }

  /** Resolves once nothing waits. */
  drained(): Promise<void> {
    if (this.#jobs === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #enqueue(job: DescribeJob): void {
    this.#waiting.push(job)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#work())
  }

  #work(): void {
    const start = performance.now()
    do {
      const job = this.#waiting.shift()
      if (job === undefined) break
      job.run()
      this.#jobs--
      this.#bytes -= job.bytes
    } while (performance.now() - start < SLICE_MS)
    this.#isScheduled = this.#waiting.length > 0
    if (this.#isScheduled) setImmediate(() => this.#work())
    if (this.#jobs === 0) for (const tell of this.#idle.splice(0)) tell()
  }
}
