import type { GroupSighting } from '@fastify-scs/core/kit'
import store, { type FoundGroup, type GroupChange, type Store } from '@fastify-scs/store'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { SEND_EVERY_MS } from '../src/groups/shared-groups.js'
import { type BuildOptions, boom, buildApp, type TestApp } from './build-app.js'

afterEach(() => void vi.useRealTimers())

/** Not setImmediate, which answers need. */
function fakeTimers(): void {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const
  vi.useFakeTimers({ toFake: [...toFake], now: Date.parse('2027-01-01T00:00:00Z') })
}

/** An app of a release on a store of its own, or on that of another app. */
async function appOf(
  apiVersion: string,
  shared?: Store,
  more: BuildOptions = {},
): Promise<TestApp> {
  const test = await buildApp({ ...more, reporter: { apiVersion, ...more.reporter } })
  if (shared === undefined) await test.app.register(store, { url: 'memory:' })
  else test.app.decorate('scsStore', shared as never)
  test.app.get('/', { onRequest: async (request) => signIn(request) }, boom)
  await test.app.ready()
  onTestFinished(() => test.app.close())
  return test
}

function signIn(request: { headers: Record<string, unknown> }): void {
  const { user } = request.headers
  if (user !== undefined) (request as { user?: unknown }).user = user
}

async function crash(test: TestApp, user?: string): Promise<string> {
  const headers = user === undefined ? {} : { user }
  const { statusCode, headers: sent } = await test.app.inject({ url: '/', headers })
  expect(statusCode).toBe(500)
  await test.reported()
  return String(sent['x-error-id'])
}

async function onlyGroup({ app }: TestApp): Promise<FoundGroup> {
  const [group, ...more] = (await app.scsStore.groups()).items
  if (group === undefined || more.length > 0) throw new Error(`${more.length} groups too many`)
  return group
}

async function change(test: TestApp, what: Partial<GroupChange>): Promise<void> {
  const { fingerprint, revision: expected } = await onlyGroup(test)
  const change = { expected, by: 'ada', at: Date.now(), ...what }
  expect(await test.app.scsStore.changeGroup(fingerprint, change)).toMatchObject({
    isChanged: true,
  })
}

/** What is counted and not reported goes to the store once a second. */
async function aSecondLater(test: TestApp): Promise<void> {
  await vi.advanceTimersByTimeAsync(SEND_EVERY_MS)
  await test.reported()
}

function titlesOf(test: TestApp): string[] {
  return test.calls.map(({ title }) => title)
}

const TITLE = 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: secret detail'

describe('what the store learns of a group', () => {
  it('its title, its kind, its release and the people who were affected, each once', async () => {
    const test = await appOf('1.0.0')
    for (const user of ['ada', 'bo', 'ada']) await crash(test, user)
    await test.app.close()
    const { title, kind, firstRelease, lastRelease, users, occurrences } = await onlyGroup(test)
    const seen = { title, kind, firstRelease, lastRelease, users, occurrences }
    expect(seen).toEqual({
      title: TITLE,
      kind: 'fatal',
      firstRelease: '1.0.0',
      lastRelease: '1.0.0',
      users: 2,
      occurrences: 3,
    })
  })

  it('100 people of a group between two calls at most, and those again that a failed call had', async () => {
    fakeTimers()
    const told: GroupSighting[] = []
    let isDown = false
    const countGroups = async (sightings: readonly GroupSighting[]): Promise<never> => {
      if (isDown) throw new Error('down')
      told.push(...sightings)
      return [] as never
    }
    const fake = { write: () => true, countGroups, noteRelease: async () => undefined }
    const test = await appOf('1.0.0', fake as never, { reporter: { growth: 1_000 } })
    await crash(test)
    isDown = true
    for (let at = 0; at < 60; at++) await crash(test, `user ${at}`)
    await aSecondLater(test)
    expect(test.app.errorReporter.stats().storeFailures).toBe(1)
    isDown = false
    for (let at = 0; at < 60; at++) await crash(test, `user ${at + 50}`)
    await test.app.close()
    const users = told.flatMap((sighting) => sighting.users ?? [])
    expect(new Set(users).size).toBe(users.length)
    expect(users.length).toBe(100)
    expect(users).toContain('user 0')
  })

  it('that the release runs, when the app is ready and again every hour', async () => {
    fakeTimers()
    const test = await appOf('1.0.0')
    const [noted] = await test.app.scsStore.releases()
    expect(noted).toMatchObject({ release: '1.0.0' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    const [again] = await test.app.scsStore.releases()
    expect((again?.lastSeenAt ?? 0) - (again?.firstSeenAt ?? 0)).toBe(3_600_000)
    expect(again?.firstSeenAt).toBe(noted?.firstSeenAt)
    await test.app.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a release that the store cannot note is logged and counted', async () => {
    const noteRelease = (): Promise<never> => Promise.reject(new Error('down, password=hunter2'))
    const test = await appOf('1.0.0', { write: () => true, noteRelease } as never)
    await expect.poll(() => test.app.errorReporter.stats().storeFailures).toBe(1)
    const lines = test.log.filter(
      ({ msg }) => msg === 'the store fails to note that this release runs',
    )
    expect(lines).toMatchObject([{ level: 40 }])
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })
})

describe('a muted group', () => {
  it('is counted and not reported, neither to a callback nor to the store; the answer and the log have the id', async () => {
    const test = await appOf('1.0.0')
    await crash(test)
    await change(test, { status: 'muted', reason: 'known' })
    const ids = [await crash(test), await crash(test), await crash(test)]
    // A process that starts meanwhile does not know the group.
    const other = await appOf('1.0.0', test.app.scsStore)
    ids.push(await crash(other))
    await other.app.close()
    await test.app.close()
    expect(titlesOf(test)).toEqual([TITLE])
    expect(titlesOf(other)).toEqual([])
    expect((await onlyGroup(test)).occurrences).toBe(5)
    expect((await test.app.scsStore.find('reports')).items).toHaveLength(1)
    const logged = [...test.log, ...other.log].map(({ errorId }) => errorId)
    for (const id of ids) expect(logged).toContain(id)
  })

  it('of many occurrences asks the store seldom', async () => {
    fakeTimers()
    const test = await appOf('1.0.0')
    await crash(test)
    await change(test, { status: 'muted' })
    const countGroups = vi.spyOn(test.app.scsStore, 'countGroups')
    for (let at = 0; at < 200; at++) await crash(test)
    expect(countGroups.mock.calls.length).toBeLessThan(10)
    expect(titlesOf(test)).toHaveLength(1)
  })

  it('is reported when its mute is over, by the occurrence with which it is over', async () => {
    fakeTimers()
    const test = await appOf('1.0.0')
    for (let at = 0; at < 5; at++) await crash(test)
    await aSecondLater(test)
    await change(test, { status: 'muted', mutedForOccurrences: 3 })
    await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test)).toHaveLength(3)
    await crash(test)
    await crash(test)
    await aSecondLater(test)
    expect(test.calls.slice(3).map(({ report }) => report.group)).toMatchObject([
      { occurrences: 8, status: 'open', is_regression: false },
    ])
  })

  it('is reported while the store is away', async () => {
    const first = await appOf('1.0.0')
    await crash(first)
    await change(first, { status: 'muted' })
    const test = await appOf('1.0.0', {
      ...first.app.scsStore,
      countGroups: () => Promise.reject(new Error('away')),
    })
    await crash(test)
    expect(titlesOf(test)).toEqual([TITLE])
  })
})

it('a muted group is not stored by a store that keeps reports before their answers end, nor when its mute is over twice', async () => {
  fakeTimers()
  const first = await appOf('1.0.0')
  const durable = { ...first.app.scsStore, durability: 'process' as const }
  const test = await appOf('1.0.0', durable)
  const stored = async (): Promise<number> => {
    await first.app.scsStore.flush()
    return (await first.app.scsStore.find('reports')).items.length
  }
  await crash(test)
  await change(test, { status: 'muted', mutedForOccurrences: 8 })
  await crash(test)
  // It knows of the mute now.
  const before = await stored()
  for (let at = 0; at < 5; at++) await crash(test)
  await aSecondLater(test)
  expect(await stored()).toBe(before)
  for (let at = 0; at < 2; at++) await crash(test)
  await aSecondLater(test)
  expect(await stored()).toBe(before + 1)
  expect(titlesOf(test)).toEqual([TITLE, TITLE])
})

it('a group that somebody has opened again is stored by such a store as soon as it is due', async () => {
  const first = await appOf('1.0.0')
  const test = await appOf('1.0.0', { ...first.app.scsStore, durability: 'process' })
  await crash(test)
  await change(test, { status: 'muted' })
  await crash(test)
  await change(test, { status: 'open' })
  await first.app.scsStore.flush()
  const before = (await first.app.scsStore.find('reports')).items.length
  for (let at = 0; at < 2; at++) await crash(test)
  await first.app.scsStore.flush()
  expect(titlesOf(test)).toEqual([TITLE, TITLE])
  expect((await first.app.scsStore.find('reports')).items).toHaveLength(before + 1)
})

describe('a group that was resolved', () => {
  it('stays silent about nothing: in the same release it is reported as before, and stays resolved', async () => {
    const test = await appOf('1.0.0')
    await crash(test)
    await change(test, { status: 'resolved', resolvedIn: '1.0.0' })
    await crash(test)
    expect(test.calls.map(({ report }) => report.group)).toMatchObject([
      { status: 'open' },
      { status: 'resolved', is_regression: false },
    ])
    expect(titlesOf(test)).toEqual([TITLE, TITLE])
  })

  it('has regressed with the first occurrence in a newer release, which says so; the next ones do not', async () => {
    const old = await appOf('1.0.0')
    for (let at = 0; at < 5; at++) await crash(old)
    await change(old, { status: 'resolved', resolvedIn: '1.1.0' })
    const test = await appOf('1.2.0', old.app.scsStore)
    await crash(test)
    await crash(test)
    expect(titlesOf(test)).toEqual([`REGRESSION: ${TITLE}`, TITLE])
    expect(test.calls.map(({ report }) => report.group)).toMatchObject([
      { status: 'regressed', is_regression: true },
      { status: 'regressed', is_regression: false },
    ])
    const { status, title } = await onlyGroup(old)
    expect({ status, title }).toEqual({ status: 'regressed', title: TITLE })
  })

  it('while a process of a newer release goes on is reported by its next occurrence, long before the local count is due', async () => {
    fakeTimers()
    const test = await appOf('2.0.0')
    for (let at = 0; at < 70; at++) await crash(test)
    await aSecondLater(test)
    await change(test, { status: 'resolved', resolvedIn: '1.0.0' })
    test.calls.length = 0
    const errorId = await crash(test)
    expect(test.calls).toEqual([])
    await aSecondLater(test)
    expect(test.calls).toMatchObject([
      {
        title: `REGRESSION: ${TITLE}`,
        report: { error_id: errorId, group: { occurrences: 71, is_regression: true } },
      },
    ])
    // It is the first of a new streak.
    await crash(test)
    await crash(test)
    expect(titlesOf(test)).toEqual([`REGRESSION: ${TITLE}`, TITLE])
  })

  it('is reported at the end, when nothing was sent before', async () => {
    const test = await appOf('2.0.0')
    for (let at = 0; at < 5; at++) await crash(test)
    await change(test, { status: 'resolved', resolvedIn: '1.0.0' })
    test.calls.length = 0
    await crash(test)
    await test.app.close()
    expect(titlesOf(test)).toEqual([`REGRESSION: ${TITLE}`])
  })

  it('is reported at once although the limit a minute is reached, and takes up a place in it', async () => {
    fakeTimers()
    const test = await appOf('2.0.0', undefined, { reporter: { maxCallsPerMinute: 3 } })
    for (let at = 0; at < 5; at++) await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test)).toEqual([TITLE, TITLE, TITLE])
    await change(test, { status: 'resolved', resolvedIn: '1.0.0' })
    await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test).slice(3)).toEqual([`REGRESSION: ${TITLE}`])
    await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test)).toHaveLength(4)
  })

  it('is reported at once by a process that has not seen it, although the limit a minute is reached', async () => {
    fakeTimers()
    const old = await appOf('1.0.0')
    await crash(old)
    await change(old, { status: 'resolved', resolvedIn: '1.0.0' })
    const test = await appOf('2.0.0', old.app.scsStore, { reporter: { maxCallsPerMinute: 1 } })
    test.app.reportError('another group')
    await test.reported()
    await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test).slice(1)).toEqual([`REGRESSION: ${TITLE}`])
  })

  it('no longer muted is held back by the limit a minute', async () => {
    fakeTimers()
    const test = await appOf('2.0.0', undefined, { reporter: { maxCallsPerMinute: 1 } })
    await crash(test)
    await change(test, { status: 'muted', mutedForOccurrences: 2 })
    for (let at = 0; at < 2; at++) await crash(test)
    await aSecondLater(test)
    expect(titlesOf(test)).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    await crash(test)
    expect(titlesOf(test)).toHaveLength(2)
  })

  it('of reportError is reported by its next occurrence as well', async () => {
    fakeTimers()
    const test = await appOf('2.0.0')
    const oops = (): void => void test.app.reportError('Oops', { data: { at: 1 } })
    for (let at = 0; at < 5; at++) oops()
    await test.reported()
    await aSecondLater(test)
    await change(test, { status: 'resolved', resolvedIn: '1.0.0' })
    test.calls.length = 0
    oops()
    await aSecondLater(test)
    expect(test.calls).toMatchObject([
      { title: 'REGRESSION: NON-FATAL BACKEND ERROR orders: Oops', report: { data: { at: 1 } } },
    ])
  })
})

describe('a group whose reports their caller chooses', () => {
  const slow = ({ app }: TestApp, occurrences: number): void =>
    void app.reportError('GET / calltime exceeded 1000 millisec!', { kind: 'slow', occurrences })

  it('is in the store with what each report stands for', async () => {
    const test = await appOf('1.0.0')
    for (const occurrences of [1, 1, 1, 1, 4, 0]) {
      slow(test, occurrences)
      await test.reported()
    }
    const group = await onlyGroup(test)
    expect(group).toMatchObject({ kind: 'slow', occurrences: 8, firstRelease: '1.0.0' })
    expect(group.title).toContain('calltime exceeded')
    expect(test.calls.map(({ report }) => report.group.suppressed)).toEqual([0, 0, 0, 0, 3, 0])
  })

  it('is silent while it is muted', async () => {
    const test = await appOf('1.0.0')
    slow(test, 1)
    await test.reported()
    await change(test, { status: 'muted' })
    for (const occurrences of [1, 2]) slow(test, occurrences)
    await test.reported()
    expect(test.calls).toHaveLength(1)
    expect((await onlyGroup(test)).occurrences).toBe(4)
  })

  it('says that it has regressed', async () => {
    const old = await appOf('1.0.0')
    slow(old, 1)
    await old.reported()
    await change(old, { status: 'resolved', resolvedIn: '1.1.0' })
    const test = await appOf('1.2.0', old.app.scsStore)
    slow(test, 1)
    slow(test, 1)
    await test.reported()
    expect(test.calls.map(({ report }) => report.group.is_regression)).toEqual([true, false])
  })
})
