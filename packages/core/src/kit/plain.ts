// The part of the kit that loads no package but @fastify/error: a worker thread starts with it in a third of the time.
export { beginningOf } from '../cut-text.js'
export { narrowedText, narrowToOwner, openOwnedFile, refuseForeignLink } from '../log/owned-file.js'
export { nearestHint } from '../nearest-name.js'
export { show } from '../show.js'
export {
  type FieldStamps,
  type MergedVersion,
  mergeVersions,
  type StampedVersion,
} from '../versions/merge-versions.js'
export { type CodedErrorClass, type CodeOf, catalogOf, coded, type ErrorCatalog } from './coded.js'
export {
  type Importance,
  RECORD_KINDS,
  type RecordKeys,
  type RecordKind,
  type StoreRecord,
} from './store-port.js'
