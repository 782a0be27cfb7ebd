import { performance } from 'node:perf_hooks'

/** Bodies that may wait, in bytes. */
const MAX_PENDING_BYTES = 33_554_432
/** Calls that may wait. */
const MAX_PENDING_JOBS = 10_000
/** Then the host has its turn again, in milliseconds. */
const SLICE_MS = 4
/** So many are not kept waiting for more. */
const MANY = 64
const NOTHING_LEFT: PassedJobs = { done: Promise.resolve(), left: () => 0 }

/** One call whose description waits. */
export interface DescribeJob {
  /** Of its bodies. */
  readonly bytes: number
  /** Undone compression, which happens elsewhere; must not reject. */
  readonly ready?: Promise<void> | undefined
  /** Describes and writes; must not throw. */
  run(): void
}

/** The calls that waited when somebody asked for them. */
export interface PassedJobs {
  /** Resolves once all of them are described. */
  readonly done: Promise<void>
  /** How many are not yet. */
  left(): number
}

interface Watcher {
  readonly jobs: Set<DescribeJob>
  tell(): void
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
  /** Those that are still being decompressed. */
  readonly #unpacking = new Set<DescribeJob>()
  #watchers: Watcher[] = []

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
    else {
      this.#unpacking.add(job)
      void job.ready.then(() => {
        this.#unpacking.delete(job)
        this.#enqueue(job)
      })
    }
  }

  /** Resolves once nothing waits. */
  drained(): Promise<void> {
    if (this.#jobs === 0) return Promise.resolve()
    this.#hurry()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** The calls that wait now, which are described without more delay; those that come later are not among them. */
  passed(): PassedJobs {
    if (this.#jobs === 0) return NOTHING_LEFT
    const jobs = new Set([...this.#waiting, ...this.#unpacking])
    this.#hurry()
    const done = new Promise<void>((tell) => this.#watchers.push({ jobs, tell }))
    return { done, left: () => jobs.size }
  }

  /** Describes at once what waits, but for what is still being decompressed: the process ends. */
  drainNow(): void {
    for (const job of this.#waiting.splice(0)) this.#run(job)
  }

  #enqueue(job: DescribeJob): void {
    this.#waiting.push(job)
    // Whoever waits for the end of all of them must not wait for more to come.
    const isAwaited = this.#idle.length > 0 || this.#watchers.length > 0
    if (this.#gatherMs === 0 || this.#waiting.length >= MANY || isAwaited) this.#hurry()
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
    if (this.#watchers.length > 0) this.#tellWatchers(job)
  }

  #tellWatchers(done: DescribeJob): void {
    this.#watchers = this.#watchers.filter(({ jobs, tell }) => {
      jobs.delete(done)
      if (jobs.size === 0) tell()
      return jobs.size > 0
    })
  }
}
