import type { ReleaseRow, ServiceRow, SpanQuery } from '../api/model.js'
import { spanOf } from '../record/time-span.js'
import type { Read } from './query-gate.js'

const MAX_SERVICES = 100
/** New groups of a release that are counted. */
const MAX_NEW_GROUPS = 200

/** The services of the integration log with their calls, those with the most failures first. @throws BadRequestError */
export async function servicesOf(read: Read, query: SpanQuery): Promise<ServiceRow[]> {
  const asked = { by: 'service', limit: MAX_SERVICES, ...spanOf(query) } as const
  const [all, failed] = await Promise.all([
    read((store) => store.tally('integration_requests', asked)),
    read((store) => store.tally('integration_requests', { ...asked, where: { status: 'Failed' } })),
  ])
  const failures = new Map(failed.items.map(({ value, count }) => [value, count]))
  return all.items
    .map(({ value, count, lastAt }) => {
      return { service: value, calls: count, failed: failures.get(value) ?? 0, lastAt }
    })
    .sort((one, other) => other.failed - one.failed || other.calls - one.calls)
}

/** The newest releases, each with the number of groups that were seen in it first. */
export async function releasesOf(read: Read, limit: number): Promise<ReleaseRow[]> {
  const releases = await read((store) => store.releases(limit))
  return Promise.all(
    releases.map(async (release) => {
      const asked = { firstRelease: release.release, limit: MAX_NEW_GROUPS }
      const { items } = await read((store) => store.groups(asked))
      return { ...release, newGroups: items.length }
    }),
  )
}
