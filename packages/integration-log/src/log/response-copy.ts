import type { CapturedBody } from '@fastify-scs/core/kit'
import type { FetchResponse } from './response-fields.js'

/** Then a copy is not read on: while it is open, an application that cancels its body does not end the connection. */
const READ_MS = 5_000

/** What a copy of a response has shown. */
export interface CopiedBody {
  readonly body: CapturedBody
  readonly error?: unknown
}

/**
 * Reads the beginning of a response's body by a copy, and lets go of it then. The application reads its own at its own pace;
 * what we are ahead of it, `maxBytes` and a chunk at most, is buffered for it. Never rejects.
 */
export async function copyBody(response: FetchResponse, maxBytes: number): Promise<CopiedBody> {
  const chunks: Uint8Array[] = []
  let totalBytes = 0
  const captured = (isWhole: boolean): CapturedBody => {
    const bytes = Buffer.concat(chunks).subarray(0, maxBytes)
    return { bytes, totalBytes, isWhole: isWhole && totalBytes <= maxBytes }
  }
  let hasEnded = false
  try {
    const reader = response.clone().body?.getReader()
    if (reader === undefined) return { body: captured(true) }
    const letGo = (): void => void reader.cancel().catch(() => undefined)
    const timer = setTimeout(letGo, READ_MS).unref()
    const startedAt = Date.now()
    while (!hasEnded && totalBytes <= maxBytes) {
      const { done, value } = await reader.read()
      hasEnded = done
      if (value === undefined) continue
      chunks.push(value)
      totalBytes += value.length
    }
    clearTimeout(timer)
    letGo()
    // A reader that was let go of says that it is done, too.
    return { body: captured(hasEnded && Date.now() - startedAt < READ_MS) }
  } catch (error) {
    return { body: captured(false), error }
  }
}
