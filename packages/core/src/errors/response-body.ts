/** A larger answer is no error, but a page or a download. */
const MAX_BODY_BYTES = 65_536

/**
 * Reads the JSON body of a fetch's answer; undefined for a body of another type or beyond 64 KiB, which is let go.
 *
 * @throws what reading or parsing it throws
 */
export async function readResponse(response: Response): Promise<unknown> {
  const { body } = response
  if (body === null) return undefined
  if (!/[/+]json\b/i.test(response.headers.get('content-type') ?? '')) {
    await body.cancel?.()
    return undefined
  }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // node-fetch's body is a stream of Node and can be iterated as well; leaving the loop ends either.
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return JSON.parse(text + decoder.decode()) as unknown
}
