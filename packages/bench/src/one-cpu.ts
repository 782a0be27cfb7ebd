import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Keeps this process and the servers it starts on one CPU, or warns when that is not possible.
 *
 * Left to itself the scheduler puts one server beside the client and the other one across from it, for seconds at a
 * time. The two then wake up differently often, which moves the ratio of equal servers by up to 40 %. Side by side on
 * one CPU each server finds its 16 requests waiting, as a busy server does.
 */
export function pinToOneCpu(): void {
  try {
    const cpu = lastCpuOf(readFileSync('/proc/self/status', 'utf8'))
    execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', cpu, String(process.pid)], {
      stdio: 'ignore',
    })
  } catch (error) {
    console.error(`Runs on any CPU, so expect more noise: ${String(error)}`)
  }
}

/** The last CPU that a process may use, from its /proc status; the first one has more interrupts to serve. */
export function lastCpuOf(status: string): string {
  const cpu = /^Cpus_allowed_list:.*?(\d+)$/m.exec(status)?.[1]
  if (cpu === undefined) throw new Error('/proc/self/status has no Cpus_allowed_list')
  return cpu
}
