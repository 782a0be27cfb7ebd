import store, {
  type ChangedGroup,
  type FoundGroup,
  type Release,
  type RouteFigures,
  type Store,
  type StoredGroup,
  type TallyField,
} from '@fastify-scs/store'
import Fastify from 'fastify'
import { expectTypeOf, it } from 'vitest'

declare const held: Store

it('options are typed', () => {
  const app = Fastify()
  app.register(store, { url: 'memory:', readOnly: true, queryTimeoutMs: 5_000, routeStatsDays: 7 })
  app.register(store, { url: 'memory:', routeStatsDays: false })
  // @ts-expect-error seconds are no number
  app.register(store, { url: 'memory:', queryTimeoutMs: '5s' })
  expectTypeOf(app.scsStore).toEqualTypeOf<Store>()
})

it('groups are found and changed', async () => {
  const { items, nextCursor } = await held.groups({
    status: ['open', 'regressed'],
    kind: 'fatal',
    order: 'occurrences',
    counts: { from: 0, to: 3_600_000, bucketMs: 3_600_000 },
  })
  expectTypeOf(items).toEqualTypeOf<readonly FoundGroup[]>()
  expectTypeOf(nextCursor).toEqualTypeOf<string | undefined>()
  // @ts-expect-error no group has this status
  void held.groups({ status: 'closed' })
  const change = { expected: 3, by: 'ada', at: 0, status: 'resolved', resolvedIn: '1.4.0' } as const
  const changed = await held.changeGroup('fingerprint', change)
  expectTypeOf(changed).toEqualTypeOf<ChangedGroup>()
  expectTypeOf(changed.group).toEqualTypeOf<StoredGroup | undefined>()
  // @ts-expect-error it does not say which revision was seen
  void held.changeGroup('fingerprint', { by: 'ada', at: 0, status: 'open' })
  // @ts-expect-error only the store says that a group has regressed
  void held.changeGroup('fingerprint', { expected: 3, by: 'ada', at: 0, status: 'regressed' })
})

it('records and calls of routes are counted', async () => {
  const tally = await held.tally('integration_requests', {
    by: 'service',
    from: 0,
    where: { status: 'Failed' },
  })
  expectTypeOf(tally.items[0]?.value).toEqualTypeOf<string | undefined>()
  expectTypeOf<'type'>().toExtend<TallyField>()
  // @ts-expect-error records are not counted by their id
  void held.tally('reports', { by: 'id', from: 0 })
  // @ts-expect-error the span of time is no part of where
  void held.tally('reports', { by: 'user', from: 0, where: { from: 0 } })
  const routes = await held.routeStats({ from: 0, to: 1, order: 'p95', bucketMs: 60_000 })
  expectTypeOf(routes).toEqualTypeOf<readonly RouteFigures[]>()
  expectTypeOf(await held.releases(10)).toEqualTypeOf<readonly Release[]>()
  expectTypeOf(held.noteRelease('1.4.0', 0)).resolves.toBeVoid()
})
