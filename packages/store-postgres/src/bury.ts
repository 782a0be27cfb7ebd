import { createHash } from 'node:crypto'
import { type StoreRecord, storableText } from '@fastify-scs/store/adapter'
import type { Session } from './database.js'

const REASON_MAX_CHARS = 2_000

/** Puts a record aside, whatever it holds; the same one again replaces its reason. */
export async function buryRecord(
  session: Session,
  quotedSchema: string,
  record: StoreRecord,
  reason: string,
): Promise<void> {
  // It may be here because it has not the shape that its type promises.
  const { kind, id }: { readonly kind?: unknown; readonly id?: unknown } = Object(record)
  const text = textOf(record)
  await session.run(
    `INSERT INTO ${quotedSchema}.dead_letters AS kept (kind, id, reason, record) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, id) DO UPDATE
     SET buried_at = excluded.buried_at, reason = excluded.reason, record = excluded.record`,
    [
      storableText(String(kind)),
      typeof id === 'string' ? storableText(id) : createHash('sha256').update(text).digest('hex'),
      storableText(reason, REASON_MAX_CHARS),
      text,
    ],
  )
}

/** JSON text, as far as it goes. */
function textOf(record: unknown): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  try {
    return JSON.stringify(record, plain) ?? 'null'
  } catch (error) {
    return JSON.stringify({ unreadable: String(error) })
  }
}
