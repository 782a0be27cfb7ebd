import { durationText } from '../components/time-text.js'

/** What a group's title says, taken apart. */
export interface GroupTitle {
  /** What happened: the message. */
  readonly headline: string
  /** Method and path: `GET /orders/:id`; undefined outside of a request. */
  readonly endpoint: string | undefined
  /** The error's code: `INTERNAL_ERROR`. */
  readonly code: string | undefined
}

const FATAL = /^FATAL BACKEND ERROR \S+ (\d{3}) ([^\s:]+): ([A-Z]+ \S+): (.*)$/s
const NON_FATAL = /^NON-FATAL BACKEND ERROR \S+(?: ([A-Z]+ \S+))?: (.*)$/s
const SLOW =
  /^([A-Z]+ \S+) (calltime exceeded|has not ended after|ended at last, after) (\d+) millisec!?$/
const BLOCKED =
  /^(?:([A-Z]+ \S+) blocked the event loop|The event loop was blocked) for (\d+) millisec( or more, until the process ended)?!$/
/** As people write it. */
const VERBS: Readonly<Record<string, string>> = {
  'calltime exceeded': 'took longer than',
  'has not ended after': 'has not ended after',
  'ended at last, after': 'ended at last, after',
}

/** Takes a title apart as error-reporter and slow-call make it; another title is a headline as it is. */
export function readTitle(title: string): GroupTitle {
  const fatal = FATAL.exec(title)
  if (fatal !== null) {
    const [, status, code, endpoint, message = ''] = fatal
    return { headline: message === '' ? `Answered ${status}` : message, endpoint, code }
  }
  const [, endpoint, reported] = NON_FATAL.exec(title) ?? []
  // A slow call is a report that is not fatal, with a title of its own.
  const plain = readPlain(reported ?? title)
  return { ...plain, endpoint: plain.endpoint ?? endpoint }
}

function readPlain(title: string): GroupTitle {
  const blocked = BLOCKED.exec(title)
  if (blocked !== null) {
    const [, endpoint, blockedMs, end = ''] = blocked
    const what =
      endpoint === undefined ? 'The event loop was blocked' : `${endpoint} blocked the event loop`
    const headline = `${what} for ${durationText(Number(blockedMs))}${end}`
    return { headline, endpoint, code: undefined }
  }
  const [, endpoint, verb = '', limitMs] = SLOW.exec(title) ?? []
  if (endpoint === undefined) return { headline: title, endpoint: undefined, code: undefined }
  const headline = `${endpoint} ${VERBS[verb]} ${durationText(Number(limitMs))}`
  return { headline, endpoint, code: undefined }
}
