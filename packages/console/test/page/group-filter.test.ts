import { expect, it } from 'vitest'
import { groupListQuery, isNarrowed, readGroupFilter } from '../../page/groups/group-filter.js'

const read = (query: string) => readGroupFilter(new URLSearchParams(query))

it('an address without a query shows the open groups, those seen last first', () => {
  const filter = read('')
  expect(groupListQuery(filter)).toMatchObject({ status: 'open', order: 'lastSeen' })
  expect(isNarrowed(filter)).toBe(false)
})

it('everything that the list can be narrowed by comes from the address', () => {
  const filter = read(
    'status=muted&kind=slow&order=occurrences&text=pay&assignee=ann&firstRelease=1.4',
  )
  expect(groupListQuery(filter)).toEqual({
    status: 'muted',
    kind: 'slow',
    order: 'occurrences',
    text: 'pay',
    assignee: 'ann',
    firstRelease: '1.4',
  })
  expect(isNarrowed(filter)).toBe(true)
})

it('all statuses are asked for by asking for none', () => {
  expect(groupListQuery(read('status=all')).status).toBeUndefined()
})

it('what the address says wrongly is left out', () => {
  const filter = read('status=closed&kind=toString&order=constructor')
  expect(filter).toMatchObject({ tab: 'open', kind: undefined, order: 'lastSeen' })
})
