import { performance } from 'node:perf_hooks'

/** Bytes of bodies that may wait, at most. */
const MAX_PENDING_BYTES = 33_554_432
/** Calls that may wait, at most. */
const MAX_PENDING_JOBS = 10_000
/** Longest slice before yielding to the event loop, in milliseconds. */
const SLICE_MS = 4
/** Run at once from this many jobs. */
const MANY = 64
const NOTHING_LEFT: PassedJobs = { done: Promise.resolve(), left: () => 0 }

/** One call that waits to be described. */
export interface DescribeJob {
  /** Bytes of its bodies. */
  readonly bytes: number
  /** Resolves once its bodies are decompressed, which happens in the thread pool; must not reject. */
  readonly ready?: Promise<void> | undefined
  /** Describes the call and writes its record; must not throw. */
  run(): void
}

/** The calls that were waiting at one moment. */
export interface PassedJobs {
  /** Resolves once all of them are described. */
  readonly done: Promise<void>
  /** How many are still waiting. */
  left(): number
}

interface Watcher {
  readonly jobs: Set<DescribeJob>
  tell(): void
}

/**
 * Describes calls after the application has its answers, in slices of a few milliseconds. Gathering calls for a while and
 * describing them one after the other takes less time than describing each between two answers.
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

  /** Lets calls wait for others for this many milliseconds at most. */
  gather(ms: number): void {
    this.#gatherMs = ms
  }

  /** Whether a job with this many bytes of bodies may be added. */
  hasRoom(bytes: number): boolean {
    if (this.#jobs >= MAX_PENDING_JOBS) return false
    return bytes === 0 || this.#bytes + bytes <= MAX_PENDING_BYTES
  }

  /** Adds a job; ask `hasRoom` first. */
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

  /** The calls that wait now, without those that come later; they are described without further delay. */
  passed(): PassedJobs {
    if (this.#jobs === 0) return NOTHING_LEFT
    const jobs = new Set([...this.#waiting, ...this.#unpacking])
    this.#hurry()
    const done = new Promise<void>((tell) => this.#watchers.push({ jobs, tell }))
    return { done, left: () => jobs.size }
  }

  /** Describes at once what waits, as the process ends; calls whose bodies are being decompressed are left out. */
  drainNow(): void {
    for (const job of this.#waiting.splice(0)) this.#run(job)
  }

  #enqueue(job: DescribeJob): void {
    this.#waiting.push(job)
    // A caller that waits for all jobs must not wait for the timer too.
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
