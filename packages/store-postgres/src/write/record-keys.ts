import { createHash } from 'node:crypto'
import type { RecordKind, RecordRow } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { millisecondsOf, timestampOf } from '../schema/day.js'
import { BYTES, binaryArray, TEXT, TIMESTAMP, UUID } from './binary-array.js'

/** A key of a record. */
export interface RecordKey {
  readonly kind: RecordKind
  /** Of the service and the key, in hexadecimal digits: both together may be too long for an index. */
  readonly digest: string
  readonly id: string
  readonly createdAt: number
}

/** A key that a record asks for. */
export interface WantedKey extends RecordKey {
  readonly service: string | null
  readonly key: string
}

/** Keys of records that were made in a span of time, `to` not included. */
export interface KeyRange {
  /** The only kind; undefined for all. */
  readonly kind: RecordKind | undefined
  readonly from: number
  readonly to: number
}

/** The key of a row; undefined when it has none. */
export function keyOf(
  kind: RecordKind,
  { service, key, id, createdAt }: Pick<RecordRow, 'service' | 'key' | 'id' | 'createdAt'>,
): WantedKey | undefined {
  if (key === null) return undefined
  return { kind, digest: digestOf(service, key), id, createdAt, service, key }
}

/** No text of a row has a NUL in it, and no service is not the one without a name. */
function digestOf(service: string | null, key: string): string {
  const named = service === null ? '' : `=${service}`
  return createHash('sha256').update(`${named}\0${key}`).digest('hex')
}

/**
 * The statement that claims keys for their records; a key that is taken is locked and left as it is. It returns those that were
 * free.
 */
export function claimKeys(quotedSchema: string, keys: readonly RecordKey[]): Statement {
  const first = new Map(keys.toReversed().map((key) => [`${key.kind} ${key.digest}`, key]))
  // In one order, or two instances would wait for each other.
  const ordered = [...first].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => key)
  return {
    text: `
      INSERT INTO ${quotedSchema}.record_keys AS held (kind, digest, id, created_at)
      SELECT given.* FROM unnest($1::text[], $2::bytea[], $3::uuid[], $4::timestamptz[]) AS given
      ON CONFLICT (kind, digest) DO UPDATE SET id = held.id WHERE false
      RETURNING kind, encode(digest, 'hex') AS digest`,
    values: [...namesOf(ordered), timesOf(ordered)],
  }
}

/**
 * The statement that tells who has keys of one kind. It is the record that counts: one that is gone, or has another key
 * by now, has the key no more.
 */
export function holdersOf(
  quotedSchema: string,
  kind: RecordKind,
  keys: readonly WantedKey[],
): Statement {
  return {
    text: `
      SELECT encode(given.digest, 'hex') AS digest, held.id, ${millisecondsOf('held.created_at')} AS "createdAt", EXISTS (
        SELECT FROM ${quotedSchema}.${kind} AS record
        WHERE record.id = held.id AND record.created_at = held.created_at
          AND record.key = given.key AND record.service IS NOT DISTINCT FROM given.service
      ) AS "isHeld"
      FROM unnest($1::bytea[], $2::text[], $3::text[]) AS given (digest, service, key)
        JOIN ${quotedSchema}.record_keys AS held ON held.kind = $4 AND held.digest = given.digest`,
    values: [
      binaryArray(
        BYTES,
        keys.map(({ digest }) => bytesOf(digest)),
      ),
      binaryArray(
        TEXT,
        keys.map(({ service }) => service),
      ),
      binaryArray(
        TEXT,
        keys.map(({ key }) => key),
      ),
      kind,
    ],
  }
}

/** The statement that gives locked keys to other records. */
export function giveKeys(quotedSchema: string, keys: readonly RecordKey[]): Statement {
  return {
    text: `
      UPDATE ${quotedSchema}.record_keys AS held SET id = given.id, created_at = given.created_at
      FROM unnest($1::text[], $2::bytea[], $3::uuid[], $4::timestamptz[])
        AS given (kind, digest, id, created_at)
      WHERE held.kind = given.kind AND held.digest = given.digest`,
    values: [...namesOf(keys), timesOf(keys)],
  }
}

/** The statement that makes keys free which just these records have. */
export function freeKeys(quotedSchema: string, keys: readonly RecordKey[]): Statement {
  return {
    text: `
      DELETE FROM ${quotedSchema}.record_keys AS held
      USING unnest($1::text[], $2::bytea[], $3::uuid[]) AS given (kind, digest, id)
      WHERE held.kind = given.kind AND held.digest = given.digest AND held.id = given.id`,
    values: namesOf(keys),
  }
}

/**
 * Removes keys of records that were made in a span of time and are gone, up to a limit; returns how many. A key that is locked
 * stays: whoever claims it checks whether its record is stored.
 */
export async function forgetKeys(
  { run }: Session,
  quotedSchema: string,
  { kind, from, to }: KeyRange,
  limit: number,
): Promise<number> {
  const table = `${quotedSchema}.record_keys`
  const { rowCount } = await run(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table}
       WHERE created_at >= $1 AND created_at < $2 AND ($3::text IS NULL OR kind = $3)
       LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
    [timestampOf(from), timestampOf(to), kind ?? null],
  )
  return rowCount ?? 0
}

function namesOf(keys: readonly RecordKey[]): Buffer[] {
  return [
    binaryArray(
      TEXT,
      keys.map(({ kind }) => kind),
    ),
    binaryArray(
      BYTES,
      keys.map(({ digest }) => bytesOf(digest)),
    ),
    binaryArray(
      UUID,
      keys.map(({ id }) => id),
    ),
  ]
}

function timesOf(keys: readonly RecordKey[]): Buffer {
  return binaryArray(
    TIMESTAMP,
    keys.map(({ createdAt }) => createdAt),
  )
}

function bytesOf(digest: string): Buffer {
  return Buffer.from(digest, 'hex')
}
