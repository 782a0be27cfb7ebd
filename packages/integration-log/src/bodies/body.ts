import type { JsonValue } from '@fastify-scs/core'
import type { CapturedBody } from '../call.js'

/** A body whose compression is undone, as far as that was possible. */
export interface PlainBody {
  readonly captured: CapturedBody
  readonly bytes: Buffer
  /** Whether `bytes` are all there is. */
  readonly isWhole: boolean
  /** The content coding that could not be undone; `bytes` are still in it. */
  readonly encoding?: string
}

/** What is recorded of a body. */
export interface DescribedBody {
  readonly value: JsonValue
  /** Whether something of the body is missing. */
  readonly isTruncated: boolean
}

/** A body that was captured, without compression. */
export function plainBodyOf(captured: CapturedBody): PlainBody {
  const isWhole = captured.isWhole && captured.bytes.length === captured.totalBytes
  return { captured, bytes: captured.bytes, isWhole }
}

/** Stands for bytes that were left out. */
export function leftOut(bytes: number): string {
  return `[truncated: ${bytes} bytes]`
}

/** Stands for a body that cannot be seen without taking it from the application, and says why. */
export class NotRecorded {
  readonly marker: string

  constructor(why: string) {
    this.marker = `[not recorded: ${why}]`
  }
}
