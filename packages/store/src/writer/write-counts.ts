import { RECORD_KINDS, type RecordKind } from '@fastify-scs/core/kit'

/** A count for each kind of record. */
export type CountByKind = Record<RecordKind, number>

/** How many records were written, and what has become of them. */
export interface WriteCounts {
  /** Records that are stored. */
  readonly written: number
  /** Records that were sent again after the database was not available. */
  readonly retried: number
  /** Records that the database refuses, kept as dead letters. */
  readonly deadLettered: number
  /** Versions that were merged with a stored one, or were stored already. */
  readonly merged: number
  /** Records that are stored without their key, because another record of their service has it. */
  readonly keysTaken: number
  /** Versions that were given up, and are dead letters, because others changed their record at each attempt. */
  readonly contended: number
  /** Records that have lost their bodies under pressure. */
  readonly shedBodies: Readonly<CountByKind>
  /** Records that were dropped: under pressure, after the end, or because nothing could keep them. */
  readonly shed: Readonly<CountByKind>
  /** Records that were written after the store had closed: `kept` in the outbox, for the next start; `lost` count as dropped. */
  readonly afterClose: {
    readonly kept: Readonly<CountByKind>
    readonly lost: Readonly<CountByKind>
  }
  /** Records that went through the outbox. */
  readonly spilled: number
  /** How often a file of the outbox could not be read or written. */
  readonly outboxFailures: number
  /** How often a release could not be noted. */
  readonly releaseFailures: number
}

/** `WriteCounts` while they are counted. */
export interface MutableWriteCounts extends WriteCounts {
  written: number
  retried: number
  deadLettered: number
  merged: number
  keysTaken: number
  contended: number
  readonly shedBodies: CountByKind
  readonly shed: CountByKind
  readonly afterClose: { readonly kept: CountByKind; readonly lost: CountByKind }
  spilled: number
  outboxFailures: number
  releaseFailures: number
}

/** The counts of a store that has just started. */
export function noWriteCounts(): MutableWriteCounts {
  return {
    written: 0,
    retried: 0,
    deadLettered: 0,
    merged: 0,
    keysTaken: 0,
    contended: 0,
    spilled: 0,
    outboxFailures: 0,
    releaseFailures: 0,
    shedBodies: noneByKind(),
    shed: noneByKind(),
    afterClose: { kept: noneByKind(), lost: noneByKind() },
  }
}

function noneByKind(): CountByKind {
  return Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 0])) as CountByKind
}
