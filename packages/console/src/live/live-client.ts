import { Readable } from 'node:stream'
import { BoundedMap } from '@fastify-scs/core/kit'
import type { ResolvedFilter } from '@fastify-scs/store'
import type { FastifyReply } from 'fastify'
import type { Group, ListedKind, LiveLag } from '../api/model.js'
import type { LiveRecord } from './live-record.js'

/** Bytes that wait for a client which reads slowly; what comes beyond is dropped, and it is told. */
const MAX_WAITING_BYTES = 262_144
/** Records that a client is not sent twice. */
const MAX_REMEMBERED = 2_000

/** What a client wants to see: of each kind the records that match one of its filters. */
export type LiveFilters = ReadonlyMap<ListedKind, readonly ResolvedFilter[]>

/** One client of the live tail: a stream of server-sent events. */
export class LiveClient {
  readonly filters: LiveFilters
  readonly stream: Readable = new Readable({ read() {} })
  readonly #reply: FastifyReply
  /** Revisions by id. */
  readonly #sent = new BoundedMap<string, number>(MAX_REMEMBERED)
  #dropped = 0
  #isBehind = false

  constructor(filters: LiveFilters, reply: FastifyReply) {
    this.filters = filters
    this.#reply = reply
    // Browsers come back after so many milliseconds.
    this.stream.push('retry: 2000\n\n')
  }

  /** Sends a record that matches, once for each of its versions. */
  record(record: LiveRecord): void {
    const { found } = record
    const filters = this.filters.get(record.kind) ?? []
    if (this.#sent.get(found.id) === found.revision) return
    if (!filters.some((filter) => record.matches(filter))) return
    this.#sent.set(found.id, found.revision)
    this.#send(`id: ${found.createdAt}.${found.id}\nevent: record\ndata: ${record.json}\n\n`, 1)
  }

  /** Sends a group that is new or has regressed. */
  group(group: Group): void {
    this.#send(`event: group\ndata: ${JSON.stringify(group)}\n\n`, 0)
  }

  /** Says how far it is behind; once again when it no longer is. */
  lag({ behindMs, dropped }: LiveLag): void {
    const lag = { behindMs, dropped: dropped + this.#dropped }
    const isBehind = lag.behindMs > 0 || lag.dropped > 0
    if (!isBehind && !this.#isBehind) return
    if (!this.#push(`event: lag\ndata: ${JSON.stringify(lag)}\n\n`)) {
      this.#dropped = lag.dropped
      return
    }
    this.#dropped = 0
    this.#isBehind = isBehind
  }

  /** Keeps proxies from closing a connection on which nothing happens. */
  beat(): void {
    this.#push(': \n\n')
  }

  /** Ends the stream, after what was sent. */
  end(): void {
    this.stream.push(null)
  }

  #send(event: string, records: number): void {
    if (!this.#push(event)) this.#dropped += records
  }

  #push(text: string): boolean {
    const waiting = this.stream.readableLength + this.#reply.raw.writableLength
    if (waiting > MAX_WAITING_BYTES || this.stream.readableEnded || this.stream.destroyed)
      return false
    this.stream.push(text)
    return true
  }
}
