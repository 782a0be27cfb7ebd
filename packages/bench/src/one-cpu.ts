import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

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
