import type { FoundRecord } from '@fastify-scs/core/kit'
import type { Release } from '@fastify-scs/store'
import type { Group, Timeline } from '../api/model.js'
import { NotFoundError } from '../api/refusals.js'
import { findGroup } from '../query/find-groups.js'
import type { Read } from '../query/query-gate.js'
import type { FindPage } from '../query/record-pager.js'
import { requestTimeline } from '../timeline/timelines.js'

/** Releases that are looked through for when the report's own began. */
const MAX_RELEASES = 100

/** What the prompt of a report is written from. */
export interface PromptFacts {
  readonly report: FoundRecord
  /** Of its request; undefined where it is of none. */
  readonly timeline: Timeline | undefined
  /** Undefined where it has none, or the group is gone. */
  readonly group: Group | undefined
  /** The release that it was recorded in; undefined where that was never noted. */
  readonly release: Release | undefined
}

/** Reads what belongs to a report. */
export async function promptFactsOf(
  read: Read,
  find: FindPage,
  report: FoundRecord,
): Promise<PromptFacts> {
  const { requestId, fingerprint, release } = report.keys
  const [timeline, group, releases] = await Promise.all([
    requestId === undefined
      ? undefined
      : requestTimeline(find, requestId, String(report.createdAt)),
    fingerprint === undefined ? undefined : groupOrNone(read, fingerprint),
    release === undefined ? [] : read((store) => store.releases(MAX_RELEASES)),
  ])
  const noted = releases.find((each) => each.release === release)
  return { report, timeline, group, release: noted }
}

async function groupOrNone(read: Read, fingerprint: string): Promise<Group | undefined> {
  try {
    return await findGroup(read, fingerprint)
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}
