import { type ApartRecord, isObject, putTogether, takeApart } from '@fastify-scs/core/kit/plain'
import type { StoreRecord } from '@fastify-scs/store/adapter'

/** A record on its way to a worker: what is kept as JSON text in its data goes as text, and is not parsed for the copy. */
export type PackedRecord =
  | StoreRecord
  | (Omit<StoreRecord, 'data'> & { readonly apart: ApartRecord })

/** Makes what is sent of a record. */
export function packed(record: StoreRecord): PackedRecord {
  const apart = isObject(record.data) ? takeApart(record.data) : undefined
  if (apart === undefined) return record
  const { data: _, ...others } = record
  return { ...others, apart }
}

/** Makes the record of what was sent. */
export function unpacked(sent: PackedRecord): StoreRecord {
  if (!('apart' in sent)) return sent
  const { apart, ...others } = sent
  return { ...others, data: putTogether(apart) as StoreRecord['data'] }
}
