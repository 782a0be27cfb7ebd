import { createHash } from 'node:crypto'

/** Fetch, or what claims to be the same. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** An error as code can tell it from another. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: error }
  const { name, message, cause } = error
  const code = (error as { code?: unknown }).code
  return {
    name,
    message,
    code,
    isTypeError: error instanceof TypeError,
    isDomException: error instanceof DOMException,
    ...(cause === undefined ? undefined : { cause: describeError(cause) }),
  }
}

/** All that code can see of a response whose body has not been read. */
export function describeHead(response: Response): Record<string, unknown> {
  const { status, statusText, url, redirected, type, ok, bodyUsed } = response
  // The time of day, and how long a connection stays open by the server's mind.
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  return {
    isGlobalResponse: response instanceof Response,
    hasBody: response.body !== null,
    ...{ status, statusText, url, redirected, type, ok, bodyUsed, headers },
  }
}

/** All that code can see of a call: the head, the bytes, and what went wrong. */
export async function outcomeOf(call: () => Promise<Response>): Promise<Record<string, unknown>> {
  let response: Response
  try {
    response = await call()
  } catch (error) {
    return { error: describeError(error) }
  }
  const head = describeHead(response)
  try {
    const bytes = Buffer.from(await response.arrayBuffer())
    const body = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    return { ...head, body, bodyUsedAfter: response.bodyUsed }
  } catch (error) {
    return { ...head, bodyError: describeError(error), bodyUsedAfter: response.bodyUsed }
  }
}
