import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What tells one process from all others, as far as the system says it; a field that it does not say is empty. */
export interface ProcessIdentity {
  readonly host: string
  /** The running kernel: another machine has another one, and so has this machine after a restart. */
  readonly kernel: string
  /** In which process ids are counted: each container has its own. */
  readonly pidSpace: string
  readonly pid: number
  /** When the process began, as the kernel counts it: another process that gets the same id began at another time. */
  readonly startedAt: string
}

/** Who this process is. Linux says all of it, from /proc (https://man7.org/linux/man-pages/man5/proc.5.html). */
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
 * Whether a process of this kernel runs, by its id and its start; undefined when that cannot be known, because its id
 * is counted in another container.
 */
export function isRunning(one: ProcessIdentity, self: ProcessIdentity): boolean | undefined {
  if (one.pidSpace !== self.pidSpace) return undefined
  const startedAt = startOf(one.pid)
  if (startedAt !== '' && one.startedAt !== '') return startedAt === one.startedAt
  try {
    process.kill(one.pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
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

/** What is read; nothing where the system does not have it. */
function reading(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** A file of an outbox, by its name. */
export interface OutboxName {
  /** Undefined when its owner has given it up. */
  readonly owner: ProcessIdentity | undefined
  /** Names the outbox of the owner, of which a process may have several. */
  readonly instance: string
}

const NAME = /^(.+)~([\da-f]*)~([\da-f]*)~(\d+)~(\d*)~([0-9a-f]+)~\d+\.ndjson$/
/** In the place of the host; no host has such a name. */
const NOBODY = '@free'

/** The name of a file; later ones of an outbox sort after earlier ones. */
export function outboxName(
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

/** What a name says; undefined when it is no file of an outbox. */
export function parseOutboxName(name: string): OutboxName | undefined {
  const [, host, kernel = '', pidSpace = '', pid, startedAt = '', instance] = NAME.exec(name) ?? []
  if (host === undefined || instance === undefined) return undefined
  if (host === NOBODY) return { owner: undefined, instance }
  return { owner: { host, kernel, pidSpace, pid: Number(pid), startedAt }, instance }
}
