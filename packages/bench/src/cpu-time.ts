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
