import { createHash } from 'node:crypto'
import type { CapturedBody } from '@fastify-scs/core/kit'

/** A body as a transport hands it over; of a longer one than `maxBytes` the beginning. */
export function captured(body: string | Uint8Array, maxBytes: number = 65_536): CapturedBody {
  const bytes = Buffer.from(body as string)
  return {
    bytes: bytes.subarray(0, maxBytes),
    totalBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    isWhole: true,
  }
}
