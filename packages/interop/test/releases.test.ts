import scsPlugin from '@fastify-scs/core'
import store, { type FoundGroup, type GroupChange, type Store } from '@fastify-scs/store'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runProgram } from './run-program.js'
import { ENGINES, placesOn } from './stories/databases.js'

vi.setConfig({ testTimeout: 120_000 })

/** What an instance has reported. */
interface Reported {
  readonly title: string
  readonly status: string
  readonly is_regression: boolean
}

async function storeOn(url: string): Promise<Store> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'console', audit: false })
  await app.register(store, { url })
  await app.ready()
  return app.scsStore
}

async function onlyGroup(opened: Store): Promise<FoundGroup> {
  const [group, ...more] = (await opened.groups()).items
  if (group === undefined || more.length > 0) throw new Error(`${more.length} groups too many`)
  return group
}

async function change(opened: Store, what: Partial<GroupChange>): Promise<void> {
  const { fingerprint, revision: expected } = await onlyGroup(opened)
  const change = { expected, by: 'ada', at: Date.now(), ...what }
  expect(await opened.changeGroup(fingerprint, change)).toMatchObject({ isChanged: true })
}

describe.each(ENGINES)('instances of two releases on %s', (engine) => {
  const newPlace = placesOn(engine)

  it('report a regression exactly once in all, and stay silent while the group is muted', async () => {
    const { url } = newPlace()
    const opened = await storeOn(url)
    const run = async (release: string, crashes: number, pauseMs = 0): Promise<Reported[]> =>
      (await runProgram('release.mjs', url, release, `${crashes}`, `${pauseMs}`)) as Reported[]
    const runAll = async (releases: readonly string[], pauseMs = 0): Promise<Reported[]> =>
      (await Promise.all(releases.map((release) => run(release, 40, pauseMs)))).flat()

    expect(await run('1.0.0', 5)).toHaveLength(3)
    await change(opened, { status: 'resolved', resolvedIn: '1.1.0' })
    // In the release that was to fix it, it is no regression.
    const same = await runAll(['1.0.0', '1.1.0'])
    expect(same.filter(({ is_regression }) => is_regression)).toEqual([])
    expect((await onlyGroup(opened)).status).toBe('resolved')

    const mixed = await runAll(['1.1.0', '1.2.0', '1.1.0', '1.2.0'], 30)
    const regressions = mixed.filter(({ is_regression }) => is_regression)
    expect(regressions.map(({ title, status }) => `${status} ${title}`)).toEqual([
      'regressed REGRESSION: FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: boom',
    ])
    const regressed = await onlyGroup(opened)
    expect(regressed).toMatchObject({ status: 'regressed', occurrences: 5 + 80 + 160 })
    expect((await opened.releases()).map(({ release }) => release).toSorted()).toEqual([
      '1.0.0',
      '1.1.0',
      '1.2.0',
    ])

    await change(opened, { status: 'muted', reason: 'known' })
    expect(await runAll(['1.1.0', '1.2.0'])).toEqual([])
    expect((await onlyGroup(opened)).occurrences).toBe(5 + 80 + 160 + 80)
  })
})
