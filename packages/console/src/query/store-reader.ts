import type { Redactor } from '@fastify-scs/core'
import type { FoundRecord, RouteFigures, Store, Tally } from '@fastify-scs/store'
import type {
  GroupDetail,
  GroupPage,
  GroupQuery,
  ListedKind,
  RecordDetail,
  RecordList,
  RecordQuery,
  ReleaseRow,
  RouteQuery,
  ServiceRow,
  SpanQuery,
  TallyQuery,
  Timeline,
} from '../api/model.js'
import { FORMATS } from '../export/lines.js'
import { exportPages } from '../export/pages.js'
import { promptFactsOf } from '../prompt/prompt-facts.js'
import { reportPrompt } from '../prompt/report-prompt.js'
import { attemptsOf } from '../record/attempts.js'
import { curlOf } from '../record/curl.js'
import { rowOf } from '../record/rows.js'
import { spanOf } from '../record/time-span.js'
import { requestTimeline, traceTimeline } from '../timeline/timelines.js'
import { type ReleaseVerdict, releaseVerdict } from '../verdict/release-verdict.js'
import { findGroups, groupDetail } from './find-groups.js'
import { findRecords } from './find-records.js'
import { releasesOf, servicesOf } from './overview.js'
import type { Read } from './query-gate.js'
import { type FindPage, RecordPager } from './record-pager.js'
import { tallyRecords } from './tally-records.js'

const DEFAULT_RELEASES = 10

/**
 * Reads a store as the console shows it: its filters, rows, time lines, groups and figures. A wrong query throws a ServiceError with the
 * code `CONSOLE_BAD_REQUEST`, what is not there one with `CONSOLE_NOT_FOUND`; what the store throws comes as it is.
 */
export class StoreReader {
  readonly #read: Read
  readonly #find: FindPage

  /** @param read runs each query of the store, such as in its turn; @param pager remembers how large records are */
  constructor(read: Read, pager: RecordPager = new RecordPager()) {
    this.#read = read
    this.#find = pager.finder(read)
  }

  /** Reads a store without waiting for a turn. */
  static of(store: Store): StoreReader {
    return new StoreReader((query) => query(store))
  }

  /** A page of rows, newest first: what a list shows. @throws CONSOLE_BAD_REQUEST */
  async find(kind: ListedKind, query: RecordQuery = {}): Promise<RecordList> {
    const { items, ...rest } = await findRecords(this.#find, kind, query)
    return { items: items.map(rowOf), ...rest }
  }

  /** One whole record by its id; undefined where there is none. */
  record(kind: ListedKind, id: string): Promise<FoundRecord | undefined> {
    return this.#read((store) => store.get(kind, id))
  }

  /** What the page of one record shows of it. */
  async detailOf(found: FoundRecord): Promise<Omit<RecordDetail, 'canRetry'>> {
    const isCall = found.kind === 'integration_requests'
    return {
      row: rowOf(found),
      data: found.data,
      curl: isCall ? curlOf(found.data) : null,
      attempts: isCall ? await attemptsOf(this.#read, found) : [],
    }
  }

  /** A report and all that is known of its request as one text, for a coding assistant. It is redacted once more by the redactor. */
  async promptOf(report: FoundRecord, redactor: Redactor): Promise<string> {
    return reportPrompt(await promptFactsOf(this.#read, this.#find, report), redactor)
  }

  /** How many records have which value of a field. @throws CONSOLE_BAD_REQUEST */
  tally(kind: ListedKind, query: TallyQuery): Promise<Tally> {
    return tallyRecords(this.#read, kind, query)
  }

  /** The time line of a request: of the one closest to `at` (ISO 8601 or milliseconds), or the newest with that id. @throws CONSOLE_BAD_REQUEST */
  timeline(requestId: string, at?: string): Promise<Timeline> {
    return requestTimeline(this.#find, requestId, at)
  }

  /** The time line of all requests of a trace. @throws CONSOLE_BAD_REQUEST */
  trace(traceId: string, at?: string): Promise<Timeline> {
    return traceTimeline(this.#find, traceId, at)
  }

  /** A page of groups of like errors. @throws CONSOLE_BAD_REQUEST */
  groups(query: GroupQuery = {}): Promise<GroupPage> {
    return findGroups(this.#read, query)
  }

  /** One group, with the values that its reports have. @throws CONSOLE_NOT_FOUND, CONSOLE_BAD_REQUEST */
  group(fingerprint: string, span: SpanQuery = {}): Promise<GroupDetail> {
    return groupDetail(this.#read, fingerprint, span)
  }

  /** The newest releases, each with the number of its new groups. */
  releases(limit: number = DEFAULT_RELEASES): Promise<ReleaseRow[]> {
    return releasesOf(this.#read, limit)
  }

  /** Whether a release (the newest where none is named) is worse than the one before, and why. @throws CONSOLE_NOT_FOUND */
  verdict(release?: string): Promise<ReleaseVerdict> {
    return releaseVerdict(this.#read, release)
  }

  /** The calls of routes, summed up. @throws CONSOLE_BAD_REQUEST */
  async routes({ from, to, ...asked }: RouteQuery = {}): Promise<readonly RouteFigures[]> {
    const span = spanOf({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })
    return this.#read((store) => store.routeStats({ ...asked, ...span }))
  }

  /** The services of the integration log, those with the most failures first. @throws CONSOLE_BAD_REQUEST */
  services(span: SpanQuery = {}): Promise<ServiceRow[]> {
    return servicesOf(this.#read, span)
  }

  /**
   * The text of an export, page by page: rows without bodies, newest first. What is written while it runs is not part of it.
   *
   * @throws CONSOLE_BAD_REQUEST at the first page
   */
  export(
    kind: ListedKind,
    query: RecordQuery,
    format: keyof typeof FORMATS,
  ): AsyncGenerator<string> {
    const until = { ...query, to: query.to ?? String(Date.now() + 1) }
    return exportPages(this.#find, kind, until, FORMATS[format])
  }
}
