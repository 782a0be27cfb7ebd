import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What distinguishes one process from all others; a field that the system does not provide is empty. */
export interface ProcessIdentity {
  readonly host: string
  /** Id of this boot of the kernel: different on each machine, and after each restart. */
  readonly kernel: string
  /** The space that process ids belong to: each container has its own. */
  readonly pidSpace: string
  readonly pid: number
  /** When the process started, as the kernel counts it: a later process with the same id has another start. */
  readonly startedAt: string
}

/** The identity of this process. Linux provides all of it in /proc (https://man7.org/linux/man-pages/man5/proc.5.html). */
export function thisProcess(): ProcessIdentity {
  return {
    host: hostname().replaceAll(/[^\w.-]/g, '_'),
    kernel: shortHash(reading(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))),
    pidSpace: shortHash(reading(() => readlinkSync('/proc/self/ns/pid'))),
    pid: process.pid,
    startedAt: startOf(process.pid),
  }
}

/** Whether both run on the same kernel; by the host's name where no kernel is known. */
export function isSameKernel(one: ProcessIdentity, other: ProcessIdentity): boolean {
  if (one.kernel !== '' || other.kernel !== '') return one.kernel === other.kernel
  return one.host === other.host
}

/**
 * Whether a process of this kernel runs, by its id and its start; undefined when its id belongs to another container and that
 * cannot be known.
 */
export function isRunning(one: ProcessIdentity, self: ProcessIdentity): boolean | undefined {
  if (one.pidSpace !== self.pidSpace) return undefined
  const startedAt = startOf(one.pid)
  if (startedAt !== '' && one.startedAt !== '') return startedAt === one.startedAt
  try {
    process.kill(one.pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/<pid>/stat; the fields before it hold the program's name, which may hold anything. */
function startOf(pid: number): string {
  const stat = reading(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return startTime ?? ''
}

function shortHash(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text.trim()).digest('hex').slice(0, 12)
}

/** What is read; empty where the system does not have it. */
function reading(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** What the name of a process's file says. */
export interface OwnedName {
  /** Undefined when any process may take the file over. */
  readonly owner: ProcessIdentity | undefined
  /** Names one of the owners that a process may have. */
  readonly instance: string
}

const NAME = /^(.+)~([\da-f]*)~([\da-f]*)~(\d+)~(\d*)~([0-9a-f]+)~\d+\.ndjson$/
/** Stands in the place of the host in a file that any process may take over; no host has such a name. */
const NOBODY = '@free'

/** Makes the name of a file; later names of an owner sort after earlier ones. */
export function ownedName(
  owner: ProcessIdentity | undefined,
  instance: string,
  number: number,
): string {
  const { host, kernel, pidSpace, pid, startedAt } = owner ?? {
    host: NOBODY,
    kernel: '',
    pidSpace: '',
    pid: 0,
    startedAt: '',
  }
  const place = String(number).padStart(8, '0')
  return `${host}~${kernel}~${pidSpace}~${pid}~${startedAt}~${instance}~${place}.ndjson`
}

/** Reads a name; undefined when it is no such file. */
export function parseOwnedName(name: string): OwnedName | undefined {
  const [, host, kernel = '', pidSpace = '', pid, startedAt = '', instance] = NAME.exec(name) ?? []
  if (host === undefined || instance === undefined) return undefined
  if (host === NOBODY) return { owner: undefined, instance }
  return { owner: { host, kernel, pidSpace, pid: Number(pid), startedAt }, instance }
}
