export {
  type Importance,
  RECORD_KINDS,
  type RecordKeys,
  type RecordKind,
  type StoreRecord,
} from '@fastify-scs/core/kit/plain'
