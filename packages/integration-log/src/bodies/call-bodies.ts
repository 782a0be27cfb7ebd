import { type CapturedBody, type PlainBody, plainBodyOf } from '@fastify-scs/core/kit'
import type { CallEnd } from '../call.js'
import type { RecordedCall } from '../calls/recorded-call.js'
import { headerOf, type RawHeaders } from '../raw-headers.js'
import type { ResolvedService } from '../service-options.js'
import { type Decompressor, isEncoded } from './decompress.js'

/** The bodies of a call as its transport has captured them. */
export type CallBodies = Pick<CallEnd, 'requestBody' | 'responseBody'>

/** The bodies of a call without their compression. */
export interface PlainBodies {
  requestBody?: PlainBody
  responseBody?: PlainBody
}

/** The bodies that the service's option `bodies` allows to keep; none for a call that is only observed. */
export function keptBodies(
  service: ResolvedService | undefined,
  call: RecordedCall,
  end: CallEnd,
): CallBodies {
  if (service === undefined || service.bodies === 'never') return {}
  // isFailure may still call it a failure.
  if (service.isFailure !== undefined) return end
  return isKept(service, call) ? end : {}
}

/** Whether the service's option `bodies` keeps those of a call, by how it ended. */
export function isKept({ bodies }: ResolvedService, { status }: RecordedCall): boolean {
  return bodies === 'always' || (bodies === 'failed' && status !== 'Completed')
}

/** The decompression of a call's bodies. */
export class BodyUnpacking {
  readonly #bodies: CallBodies
  readonly #maxBytes: number
  readonly #sent: string | undefined
  readonly #received: string | undefined

  constructor(service: ResolvedService | undefined, call: RecordedCall, bodies: CallBodies) {
    this.#bodies = bodies
    this.#maxBytes = service?.maxBodyBytes ?? 0
    this.#sent = codingOf(call.requestHeaders, bodies.requestBody)
    this.#received = codingOf(call.responseHeaders ?? [], bodies.responseBody)
  }

  /** Bytes that the bodies take until they are described, with what their decompression may add. */
  get bytes(): number {
    const { requestBody, responseBody } = this.#bodies
    const packed = Number(this.#sent !== undefined) + Number(this.#received !== undefined)
    const captured = (requestBody?.bytes.length ?? 0) + (responseBody?.bytes.length ?? 0)
    return captured + packed * this.#maxBytes
  }

  /** Whether a body is compressed. */
  get isPacked(): boolean {
    return this.#sent !== undefined || this.#received !== undefined
  }

  /** The bodies in their plain form: at once where nothing is compressed, else once `ready` resolves. */
  start(decompressor: Decompressor): {
    readonly plain: PlainBodies
    readonly ready: Promise<void> | undefined
  } {
    const { requestBody, responseBody } = this.#bodies
    const plain: PlainBodies = {}
    if (requestBody !== undefined) plain.requestBody = plainBodyOf(requestBody)
    if (responseBody !== undefined) plain.responseBody = plainBodyOf(responseBody)
    const sent = this.#sent
    const received = this.#received
    if (sent === undefined && received === undefined) return { plain, ready: undefined }
    const undo = async (): Promise<void> => {
      if (requestBody !== undefined && sent !== undefined)
        plain.requestBody = await decompressor.decompress(requestBody, sent, this.#maxBytes)
      if (responseBody !== undefined && received !== undefined)
        plain.responseBody = await decompressor.decompress(responseBody, received, this.#maxBytes)
    }
    return { plain, ready: undo() }
  }
}

/** The content coding of a body that has something to be decompressed. */
function codingOf(headers: RawHeaders, body: CapturedBody | undefined): string | undefined {
  if (body === undefined || body.bytes.length === 0) return undefined
  const coding = headerOf(headers, 'content-encoding')
  return isEncoded(coding) ? coding : undefined
}
