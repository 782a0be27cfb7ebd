import { performance } from 'node:perf_hooks'

/** Bodies that may wait, in bytes. */
const MAX_PENDING_BYTES = 33_554_432
/** Calls that may wait. */
const MAX_PENDING_JOBS = 10_000
/** Then the host has its turn again, in milliseconds. */
const SLICE_MS = 4
/** So many are not kept waiting for more. */
const MANY = 64

/** One call whose description waits. */
export interface DescribeJob {
  /** Of its bodies. */
  readonly bytes: number
  /** Undone compression, which happens elsewhere; must not reject. */
  readonly ready?: Promise<void> | undefined
  /** Describes and writes; must not throw. */
  run(): void
}

/**
 * Describes calls once the host has its answers, in slices of a few milliseconds. Calls that are gathered for a while are
 * described one after the other, which takes less than each for itself, between two answers.
 */
export class DescribeQueue {
  readonly #waiting: DescribeJob[] = []
  #bytes = 0
  #jobs = 0
  #gatherMs = 0
  #timer: NodeJS.Timeout | undefined
  #isScheduled = false
  #idle: (() => void)[] = []

  /** Lets calls wait for others, so many milliseconds at most. */
  gather(ms: number): void {
    this.#gatherMs = ms
  }

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
    this.#hurry()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Describes at once what waits, but for what is still being decompressed: the process ends. */
  drainNow(): void {
    for (const job of this.#waiting.splice(0)) this.#run(job)
  }

  #enqueue(job: DescribeJob): void {
    this.#waiting.push(job)
    // Whoever waits for the end of all of them must not wait for more to come.
    if (this.#gatherMs === 0 || this.#waiting.length >= MANY || this.#idle.length > 0) this.#hurry()
    else this.#timer ??= setTimeout(() => this.#hurry(), this.#gatherMs)
  }

  #hurry(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isScheduled || this.#waiting.length === 0) return
    this.#isScheduled = true
    setImmediate(() => this.#work())
  }

  #work(): void {
    const start = performance.now()
    let done = 0
    while (done < this.#waiting.length) {
      this.#run(this.#waiting[done++] as DescribeJob)
      if (performance.now() - start >= SLICE_MS) break
    }
    this.#waiting.splice(0, done)
    this.#isScheduled = false
    this.#hurry()
    if (this.#jobs === 0) for (const tell of this.#idle.splice(0)) tell()
  }

  #run(job: DescribeJob): void {
    job.run()
    this.#jobs--
    this.#bytes -= job.bytes
  }
}
