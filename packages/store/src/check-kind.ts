import { beginningOf } from '@fastify-scs/core/kit/plain'
import { FilterError } from './errors.js'
import { RECORD_KINDS, type RecordKind } from './record.js'

/** Checks a kind, which names a table and may come from a URL. @throws FilterError */
export function checkKind(kind: RecordKind): RecordKind {
  if (isKind(kind)) return kind
  throw new FilterError('kind', `one of ${RECORD_KINDS.join(', ')}`, beginningOf(String(kind), 60))
}

/** Whether something is a kind of record. */
export function isKind(value: unknown): value is RecordKind {
  return (RECORD_KINDS as readonly unknown[]).includes(value)
}
