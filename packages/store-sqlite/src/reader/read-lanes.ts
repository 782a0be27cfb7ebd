import type { ResolvedFilter } from '@fastify-scs/store/adapter'
import type { ReaderCall } from '../threads/protocol.js'

/** Keys that few records share: such a search is over within milliseconds. */
const FEW: ReadonlySet<string> = new Set([
  'key',
  'remoteId',
  'requestId',
  'traceId',
  'referenceId',
  'fingerprint',
])

/**
 * Whether a read may take long, so that it goes to the second thread: what the application looks up for its own work must not wait
 * until a page of the console is made.
 */
export function mayTakeLong(call: ReaderCall): boolean {
  switch (call.call) {
    case 'get':
    case 'size':
    case 'releases':
    case 'close':
      return false
    case 'find':
      return !isQuick(call.query)
    default:
      return true
  }
}

function isQuick({ equal, statuses, notStatuses, statusCode, text, urlPrefix }: ResolvedFilter) {
  if (equal.some(([key]) => FEW.has(key)) && text === undefined) return true
  const asksForMore =
    statuses !== undefined ||
    notStatuses.length > 0 ||
    statusCode !== undefined ||
    text !== undefined ||
    urlPrefix !== undefined
  return equal.length === 0 && !asksForMore
}
