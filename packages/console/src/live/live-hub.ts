import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { ListedKind } from '../api/model.js'
import type { Read } from '../api/parts.js'
import { BusyError } from '../api/refusals.js'
import type { ConsoleFailures } from '../failures.js'
import type { QueryGate } from '../query/query-gate.js'
import type { RecordPager } from '../query/record-pager.js'
import { LISTED_KINDS } from '../record/rows.js'
import { GroupFeed } from './group-feed.js'
import type { LiveClient } from './live-client.js'
import type { LiveRecord } from './live-record.js'
import { RecordFeed } from './record-feed.js'

/** Between two polls of the store, in milliseconds. */
const POLL_MS = 1_000
/** Between two signs of life, in milliseconds. */
const BEAT_MS = 15_000
/** A poll that is later than this is told to the clients, in milliseconds. */
const LATE_MS = 3_000

/** How long records are handed on without a pause, in milliseconds. */
const MAX_BUSY_MS = 5

/** What a hub needs. */
export interface HubParts {
  readonly app: FastifyInstance
  readonly gate: QueryGate
  readonly failures: ConsoleFailures
  readonly pager: RecordPager
  readonly maxClients: number
}

/** What is found between the first client and the last one that leaves. */
interface Feeds {
  readonly records: ReadonlyMap<ListedKind, RecordFeed>
  readonly groups: GroupFeed
  hasBegun: boolean
  readAt: number
}

/** Reads the store once for all clients of the live tail, as long as there are some; other instances' records are found too. */
export class LiveHub {
  readonly #parts: HubParts
  readonly #clients = new Set<LiveClient>()
  #feeds: Feeds | undefined
  #pollTimer: NodeJS.Timeout | undefined
  #beatTimer: NodeJS.Timeout | undefined
  #isClosed = false
  #hasFailed = false

  constructor(parts: HubParts) {
    this.#parts = parts
  }

  /** Clients that follow it. */
  get clients(): number {
    return this.#clients.size
  }

  /** Lets a client in, until its stream is closed. @throws BusyError */
  add(client: LiveClient): void {
    if (this.#isClosed || this.#clients.size >= this.#parts.maxClients)
      throw new BusyError('As many clients as may follow the live tail already do', 30)
    this.#clients.add(client)
    client.stream.once('close', () => this.#remove(client))
    if (this.#feeds === undefined) this.#start()
  }

  /** Ends all streams: the application closes. */
  close(): void {
    this.#isClosed = true
    for (const client of this.#clients) client.end()
    this.#stop()
  }

  #remove(client: LiveClient): void {
    this.#clients.delete(client)
    if (this.#clients.size === 0) this.#stop()
  }

  #start(): void {
    const now = Date.now()
    const records = new Map(LISTED_KINDS.map((kind) => [kind, new RecordFeed(kind, now)]))
    this.#feeds = { records, groups: new GroupFeed(now), hasBegun: false, readAt: now }
    this.#beatTimer = setInterval(() => {
      for (const client of this.#clients) client.beat()
    }, BEAT_MS).unref()
    void this.#poll(this.#feeds)
  }

  #stop(): void {
    this.#feeds = undefined
    clearTimeout(this.#pollTimer)
    clearInterval(this.#beatTimer)
  }

  /** Polls until the feeds are those of an earlier time. Never rejects. */
  async #poll(feeds: Feeds): Promise<void> {
    const beganAt = Date.now()
    let dropped = 0
    try {
      dropped = await this.#read(feeds)
      feeds.readAt = beganAt
      this.#succeeded()
    } catch (error) {
      // The next poll finds what this one has not; the clients are told how far they are behind.
      this.#failed(error)
    }
    if (this.#feeds !== feeds) return
    const behindMs = Date.now() - feeds.readAt
    for (const client of this.#clients)
      client.lag({ behindMs: behindMs > LATE_MS ? behindMs : 0, dropped })
    this.#pollTimer = setTimeout(() => void this.#poll(feeds), POLL_MS).unref()
  }

  /** To all clients; with many of them it pauses, so that the service does not wait. */
  async #handOn(records: readonly LiveRecord[]): Promise<void> {
    let beganAt = performance.now()
    for (const record of records) {
      for (const client of this.#clients) client.record(record)
      if (performance.now() - beganAt < MAX_BUSY_MS) continue
      await setImmediate()
      beganAt = performance.now()
    }
  }

  #succeeded(): void {
    if (this.#hasFailed) this.#parts.app.log.info('the live tail reads the store again')
    this.#hasFailed = false
  }

  /** Only the first of polls that fail in a row is logged. */
  #failed(error: unknown): void {
    const { failures } = this.#parts
    if (this.#hasFailed) failures.add()
    else failures.log(error, 'the live tail could not read the store, and tries again each second')
    this.#hasFailed = true
  }

  /** Hands on what is new; returns how many records were too many. */
  async #read(feeds: Feeds): Promise<number> {
    const { app, gate, pager } = this.#parts
    const run: Read = (query) => gate.run(() => query(app.scsStore))
    const find = pager.finder(run)
    let dropped = 0
    for (const feed of feeds.records.values()) {
      if (!feeds.hasBegun) await feed.begin(find)
      else {
        const fed = await feed.next(find, run)
        dropped += fed.dropped
        await this.#handOn(fed.records)
      }
    }
    if (!feeds.hasBegun) await run((store) => feeds.groups.begin(store))
    else {
      const groups = await run((store) => feeds.groups.next(store))
      for (const client of this.#clients) for (const group of groups) client.group(group)
    }
    feeds.hasBegun = true
    return dropped
  }
}
