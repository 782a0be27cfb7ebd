import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const IDLE_CHECK_MS = 1
const MAX_IDLE_WAIT_MS = 250

/** Throws where the CPU time of a process cannot be read thread by thread. */
export function assertCpuTimeReadable(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'linux') {
    throw new Error(
      `The bench reads CPU time from /proc, so it runs on Linux only, not on ${platform}`,
    )
  }
}

/** The CPU time that all threads of a process have used so far, in nanoseconds. */
export function cpuTimeNs(pid: number): number {
  let totalNs = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    totalNs += threadTimeNs(`/proc/${pid}/task/${thread}/schedstat`)
  }
  return totalNs
}

/** The CPU time that the main thread of a process has used so far, in nanoseconds. */
export function mainThreadTimeNs(pid: number): number {
  return threadTimeNs(`/proc/${pid}/task/${pid}/schedstat`)
}

/**
 * Reads the CPU time once the process, or the part of it that is read, rests.
 *
 * The kernel brings the figure of a running thread up to date only at its ticks, up to 4 ms late; that of a sleeping
 * thread is exact. Waiting also counts what a server does just after its last answer.
 */
export async function settledCpuTimeNs(
  pid: number,
  read: (pid: number) => number = cpuTimeNs,
): Promise<number> {
  const deadline = performance.now() + MAX_IDLE_WAIT_MS
  let beforeNs = read(pid)
  for (;;) {
    await delay(IDLE_CHECK_MS)
    const nowNs = read(pid)
    if (nowNs === beforeNs || performance.now() > deadline) return nowNs
    beforeNs = nowNs
  }
}

function threadTimeNs(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10)
  } catch (error) {
    // A thread may end between the listing and the reading.
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ESRCH')
    )
      return 0
    throw error
  }
}

/**
 * Keeps this process and the servers it starts on one CPU while it works, or warns when that is not possible.
 *
 * Left to itself the scheduler puts one server beside the client and the other one across from it, for seconds at a
 * time. The two then wake up differently often, which moves the ratio of equal servers by up to 40 %. Side by side on
 * one CPU each server finds its 16 requests waiting, as a busy server does.
 */
export async function onOneCpu<T>(work: () => Promise<T>): Promise<T> {
  const allowed = cpusOf(readFileSync('/proc/self/status', 'utf8'))
  pinTo(lastOf(allowed))
  try {
    return await work()
  } finally {
    pinTo(allowed)
  }
}

function pinTo(cpus: string): void {
  try {
    execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', cpus, String(process.pid)], {
      stdio: 'ignore',
    })
  } catch (error) {
    console.error(`Runs on any CPU, so expect more noise: ${String(error)}`)
  }
}

/** The CPUs that a process may use, from its /proc status. */
export function cpusOf(status: string): string {
  const cpus = /^Cpus_allowed_list:\s*([\d,-]*\d)$/m.exec(status)?.[1]
  if (cpus === undefined) throw new Error('/proc/self/status has no Cpus_allowed_list')
  return cpus
}

/** The last of some CPUs; the first one has more interrupts to serve. */
export function lastOf(cpus: string): string {
  return /\d+$/.exec(cpus)?.[0] ?? cpus
}
