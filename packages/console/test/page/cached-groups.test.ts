import { QueryClient } from '@tanstack/preact-query'
import { expect, it } from 'vitest'
import { knownDetail, showGroup } from '../../page/groups/cached-groups.js'
import type { GroupDetail, GroupPage } from '../../src/api/model.js'
import { group } from './group.js'

const span = { from: 0, to: 3_600_000, bucketMs: 3_600_000 }
const pages = ['group-pages', { status: 'open' }]

function withLists(): QueryClient {
  const queries = new QueryClient()
  const page: GroupPage = {
    items: [
      group({ fingerprint: 'other' }),
      group({ counts: [{ at: 0, count: 3 }], sampleId: 's1' }),
    ],
    counts: span,
  }
  queries.setQueryData(pages, { pages: [page], pageParams: [''] })
  queries.setQueryData(['groups', { limit: 5 }], page)
  return queries
}

it('what a list knows of a group is there before the group has been asked for', () => {
  const queries = withLists()
  expect(knownDetail(queries, 'f1')).toMatchObject({
    group: { fingerprint: 'f1', counts: [{ at: 0, count: 3 }] },
    counts: span,
  })
  expect(knownDetail(queries, 'unknown')).toBeUndefined()
})

it('a changed group shows in every list and on its own page, with the counts that it had', () => {
  const queries = withLists()
  const detail = knownDetail(queries, 'f1') as GroupDetail
  queries.setQueryData(['group', 'f1'], detail)
  showGroup(queries, group({ status: 'muted', revision: 4 }))
  const lists = queries.getQueryData<{ pages: GroupPage[] }>(pages)
  const own = queries.getQueryData<GroupDetail>(['group', 'f1'])
  const shortList = queries.getQueryData<GroupPage>(['groups', { limit: 5 }])
  for (const shown of [lists?.pages[0]?.items[1], own?.group, shortList?.items[1]]) {
    expect(shown).toMatchObject({ status: 'muted', revision: 4, sampleId: 's1' })
    expect(shown?.counts).toEqual([{ at: 0, count: 3 }])
  }
  expect(shortList?.items[0]?.status).toBe('open')
})
