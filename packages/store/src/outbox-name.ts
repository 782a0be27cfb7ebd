import type { ProcessIdentity } from './process-identity.js'

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
