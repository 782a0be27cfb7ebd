import { visibleText } from '@fastify-scs/console/read'

/** An argument has a wrong value that its schema cannot tell. */
export class WrongArgumentError extends Error {
  override readonly name = 'WrongArgumentError'
  readonly code = 'WRONG_ARGUMENT'
}

/** Errors whose message helps who calls; what is wrong with the server stands in its log. */
const FOR_CALLERS: ReadonlySet<unknown> = new Set([
  'WRONG_ARGUMENT',
  'UNAUDITED',
  'CONSOLE_BAD_REQUEST',
  'CONSOLE_NOT_FOUND',
  'CONSOLE_BUSY',
  'SCS_STORE_ERR_FILTER',
])
const OF_STORE: Readonly<Record<string, string>> = {
  SCS_STORE_ERR_QUERY_TIMEOUT:
    'The query took too long and was ended: choose a shorter span of time or a narrower filter.',
  SCS_STORE_ERR_UNAVAILABLE: 'The database is not available at the moment: try again later.',
}

/** What who calls a tool is told of a failure; undefined where it is the server's own, which it has to log. */
export function tellableOf(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (FOR_CALLERS.has(code)) return visibleText(String(message))
  return OF_STORE[String(code)]
}
