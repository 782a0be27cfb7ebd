import { readScsError } from './read-error.js'
import type { ScsError } from './scs-error.js'

/** The part of a `Response` of fetch that is read; written down here, so that neither the DOM's types nor Node's are needed. */
export interface ResponseLike {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  clone(): { json(): Promise<unknown> }
}

/**
 * Reads the error of an answer of fetch: its body, its status and its header `x-error-id`. Undefined for an answer below 400, for a body that is not JSON or has
 * been read already, and for an error of another kind. Never rejects. The response itself stays unread.
 *
 * A page of another origin sees `x-error-id` only where the service exposes it by CORS.
 */
export async function readScsResponse(response: ResponseLike): Promise<ScsError | undefined> {
  try {
    const { status, headers } = response
    if (!(status >= 400)) return undefined
    if (!/[/+]json\b/i.test(headers.get('content-type') ?? '')) return undefined
    const body = await response.clone().json()
    return readScsError(body, { status, errorId: headers.get('x-error-id') })
  } catch {
    // Not JSON, cut off, or read already.
    return undefined
  }
}
