import type { GroupSighting, GroupState, StoreCounter } from '@fastify-scs/core/kit'
import store from '@fastify-scs/store'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { GroupTable } from '../src/groups/group-table.js'
import type { Seen } from '../src/groups/seen.js'
import { MAX_FAILURES_IN_A_ROW, SEND_EVERY_MS, SharedGroups } from '../src/groups/shared-groups.js'
import { type BuildOptions, boom, buildApp, type TestApp } from './build-app.js'
import { gate } from './gate.js'

const POWERS = Array.from({ length: 17 }, (_, power) => 2 ** power)

/** An app on a store of its own, or on that of another app. */
async function appOn(shared: unknown, options: BuildOptions = {}): Promise<TestApp> {
  const test = await buildApp({ server: { logger: false }, ...options })
  if (shared === undefined) await test.app.register(store, { url: 'memory:' })
  else test.app.decorate('scsStore', shared as never)
  await test.app.ready()
  onTestFinished(() => test.app.close())
  return test
}

function occurrencesOf(tests: readonly TestApp[]): number[] {
  const calls = tests.flatMap((test) => test.calls)
  return calls.map(({ report }) => report.group.occurrences).sort((a, b) => a - b)
}

function oops({ app }: TestApp): void {
  app.reportError('Oops')
}

describe('with a store', () => {
  it('one instance calls the reporter 17 times for 100,000 identical errors', async () => {
    const test = await appOn(undefined)
    for (let at = 0; at < 100_000; at++) oops(test)
    await test.reported()
    expect(occurrencesOf([test])).toEqual(POWERS)
    expect(test.calls.at(-1)?.report.group).toMatchObject({ suppressed: 32_767 })
    expect(test.app.errorReporter.stats()).toMatchObject({ suppressed: 99_983, storeFailures: 0 })
  })

  it('ten instances together report what one would: 1, 2, 4, 8 ... and not ten times as often', async () => {
    const first = await appOn(undefined)
    const others = Array.from({ length: 9 }, () => appOn(first.app.scsStore))
    const tests = [first, ...(await Promise.all(others))]
    for (let at = 0; at < 1_000; at++) {
      const test = tests[at % 10] as TestApp
      oops(test)
      await test.app.errorReporter.flush()
    }
    const occurrences = occurrencesOf(tests)
    expect(occurrences.slice(0, 4)).toEqual([1, 2, 4, 8])
    // Later ones may come some occurrences late, since each instance tells of the others only once a second.
    expect(occurrences.length).toBeGreaterThanOrEqual(8)
    expect(occurrences.length).toBeLessThanOrEqual(10)
  })

  it('a report shows what all instances have seen', async () => {
    const first = await appOn(undefined)
    const second = await appOn(first.app.scsStore)
    const third = await appOn(first.app.scsStore)
    for (const test of [first, second, third, second, third]) {
      oops(test)
      await test.app.errorReporter.flush()
    }
    expect(occurrencesOf([first, second, third])).toEqual([1, 2, 4])
    const last = third.calls.at(-1)?.report.group
    const start = first.calls[0]?.report.group.first_seen
    expect(last).toMatchObject({ occurrences: 4, suppressed: 1, first_seen: start })
  })

  it('beforeReport gets the shared counts, and no report that is not due', async () => {
    const seen: number[] = []
    const beforeReport: NonNullable<BuildOptions['reporter']>['beforeReport'] = (report) => {
      seen.push(report.group.occurrences)
      return report
    }
    const first = await appOn(undefined)
    for (let at = 0; at < 3; at++) oops(first)
    await first.reported()
    const second = await appOn(first.app.scsStore, { reporter: { beforeReport } })
    for (let at = 0; at < 2; at++) {
      oops(second)
      await second.reported()
    }
    expect(seen).toEqual([4])
  })

  it('the store is asked about a crash when its answer has left', async () => {
    const asked = gate()
    const countGroups = vi.fn(async () => {
      asked.open()
      return [] as GroupState[]
    })
    const test = await buildApp()
    test.app.decorate('scsStore', { write: () => true, countGroups } as never)
    onTestFinished(() => test.app.close())
    const mayLeave = gate()
    const isLeaving = gate()
    const onSend = (): Promise<void> => {
      isLeaving.open()
      return mayLeave.opened
    }
    test.app.get('/', { onSend }, boom)
    const answer = test.app.inject('/').then(({ statusCode }) => statusCode)
    await isLeaving.opened
    await test.reported()
    expect(countGroups).not.toHaveBeenCalled()
    mayLeave.open()
    expect(await answer).toBe(500)
    await asked.opened
    expect(countGroups).toHaveBeenCalledTimes(1)
  })

  it('that cannot count groups, each instance counts for itself', async () => {
    const test = await appOn({ write: () => true })
    for (let at = 0; at < 5; at++) oops(test)
    await test.reported()
    expect(occurrencesOf([test])).toEqual([1, 2, 4])
  })
})

describe('when the store does not answer', () => {
  it('this instance’s own count decides, and that is logged once and counted', async () => {
    const countGroups = async (): Promise<never> => {
      throw new Error('the database is gone, password=hunter2')
    }
    const test = await appOn({ write: () => true, countGroups }, { server: {} })
    for (let at = 0; at < 5; at++) oops(test)
    await test.reported()
    expect(occurrencesOf([test])).toEqual([1, 2, 4])
    expect(test.app.errorReporter.stats().storeFailures).toBe(3)
    const lines = test.log.filter(({ msg }) => msg?.startsWith('the store fails to count'))
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })

  it('a report waits storeTimeoutMs for it and no longer', async () => {
    const countGroups = (): Promise<never> => new Promise(() => undefined)
    const reporter = { storeTimeoutMs: 20 }
    const test = await appOn({ write: () => true, countGroups }, { reporter, server: {} })
    oops(test)
    expect(await test.reported()).toHaveLength(1)
    const line = test.log.find(({ msg }) => msg?.startsWith('the store fails to count'))
    expect(line).toMatchObject({ err: { code: 'SCS_REPORTER_ERR_STORE_TIMEOUT' } })
  })

  it('in time, a regression is reported once more when the answer comes', async () => {
    const answered = gate()
    const countGroups = async ([sighting]: readonly GroupSighting[]): Promise<GroupState[]> => {
      await answered.opened
      const { fingerprint, firstSeenAt, lastSeenAt } = sighting as GroupSighting
      const times = { firstSeenAt, lastSeenAt }
      const counts = { occurrences: 42, streak: 1, dueAt: 2, suppressed: 0, isDue: true }
      return [{ fingerprint, ...times, ...counts, status: 'regressed', isRegression: true }]
    }
    const reporter = { storeTimeoutMs: 20 }
    const test = await appOn({ write: () => true, countGroups }, { reporter })
    oops(test)
    expect(await test.reported()).toHaveLength(1)
    expect(test.calls[0]?.report.group).toMatchObject({ occurrences: 1, is_regression: false })
    answered.open()
    await expect.poll(async () => (await test.reported()).length).toBe(2)
    const [first, second] = test.calls
    expect(second?.report.title).toBe(`REGRESSION: ${first?.report.title}`)
    expect(second?.report.error_id).toBe(first?.report.error_id)
    expect(second?.report.group).toMatchObject({
      ...{ occurrences: 42, status: 'regressed', is_regression: true },
    })
  })

  it('closing the app delivers reports about which the store has not answered', async () => {
    const countGroups = (): Promise<never> => new Promise(() => undefined)
    const reporter = { storeTimeoutMs: 60_000, delivery: { shutdownMs: 50 } }
    const test = await appOn({ write: () => true, countGroups }, { reporter })
    oops(test)
    await test.app.close()
    expect(test.calls).toHaveLength(1)
  })
})

describe('groups that are shared', () => {
  const START = 1_800_000_000_000
  const limits = { growth: 2, quietMs: 3_600_000, maxCallsPerMinute: 1, maxGroups: 100 }
  const told: GroupSighting[][] = []
  let answer: (sightings: readonly GroupSighting[]) => Promise<readonly GroupState[]>
  const fake: StoreCounter = {
    noteRelease: async () => undefined,
    countGroups: (sightings) => {
      told.push([...sightings])
      return answer(sightings)
    },
  }
  const stateWith = (state: Partial<GroupState>): GroupState => ({
    fingerprint: 'a',
    occurrences: 0,
    firstSeenAt: START,
    lastSeenAt: START,
    streak: 0,
    dueAt: 1,
    suppressed: 0,
    isDue: false,
    status: 'open',
    isRegression: false,
    ...state,
  })

  function build(maxCallsPerMinute: number | false = false): SharedGroups {
    const findUser = (): null => null
    const options = { ...limits, maxCallsPerMinute, storeTimeoutMs: 1_000, findUser }
    return new SharedGroups(new GroupTable(options), fake, options, () => undefined)
  }

  const seen = (fingerprint: string, nowMs: number): Seen => ({
    fingerprint,
    nowMs,
    kind: 'fatal',
    request: undefined,
  })

  beforeEach(() => {
    vi.useFakeTimers()
    told.length = 0
    answer = async (sightings) => sightings.map(() => stateWith({}))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('send what is not to be reported in one batch a second, and set no timer when there is nothing to send', async () => {
    const groups = build()
    answer = async (sightings) => sightings.map(() => stateWith({ streak: 1_000, dueAt: 2_000 }))
    for (const group of ['a', 'b']) await groups.count(seen(group, START)).confirm?.(undefined)
    expect(vi.getTimerCount()).toBe(0)
    told.length = 0
    for (let at = 1; at <= 50; at++)
      for (const group of ['a', 'b']) groups.count(seen(group, START + at))
    await vi.advanceTimersByTimeAsync(SEND_EVERY_MS - 1)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    const times = { firstSeenAt: START + 1, lastSeenAt: START + 50 }
    const told50 = { occurrences: 50, ...times, canReport: false, kind: 'fatal' }
    expect(told).toEqual([
      [
        { fingerprint: 'a', ...told50 },
        { fingerprint: 'b', ...told50 },
      ],
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('learn from each answer when the next report is due', async () => {
    const groups = build()
    answer = async () => [stateWith({ occurrences: 97, streak: 97, dueAt: 100, isDue: true })]
    const { confirm } = groups.count(seen('a', START))
    expect(await confirm?.(undefined)).toMatchObject({ group: { occurrences: 97 } })
    const due = [98, 99, 100].map((at) => groups.count(seen('a', START + at)).isDue)
    expect(due).toEqual([false, false, true])
  })

  it('do not ask twice about one threshold while the first question is open', async () => {
    const groups = build()
    const mayAnswer = gate()
    answer = async () => [stateWith({ occurrences: 1, streak: 1, dueAt: 2, isDue: true })]
    const first = groups.count(seen('a', START)).confirm?.(undefined)
    answer = async () => {
      await mayAnswer.opened
      return [stateWith({ occurrences: 2, streak: 2, dueAt: 4, isDue: true })]
    }
    const second = groups.count(seen('a', START)).confirm?.(undefined)
    await first
    expect(groups.count(seen('a', START)).isDue).toBe(false)
    mayAnswer.open()
    await second
    expect(told.map(([sighting]) => sighting?.occurrences)).toEqual([1, 1])
    expect(groups.count(seen('a', START)).isDue).toBe(true)
  })

  it('do not count a report that the store finds not due in the limit a minute', async () => {
    const groups = build(1)
    const { confirm } = groups.count(seen('a', START))
    expect(await confirm?.(undefined)).toBeUndefined()
    expect(groups.count(seen('b', START)).isDue).toBe(true)
    expect(groups.count(seen('c', START)).isDue).toBe(false)
  })

  it('send again what a store has not counted, and at the end what is left', async () => {
    const groups = build()
    answer = async () => {
      throw new Error('gone')
    }
    for (const at of [0, 1]) {
      expect(await groups.count(seen('a', START + at)).confirm?.(undefined)).toMatchObject({
        isDue: true,
      })
    }
    await vi.advanceTimersByTimeAsync(SEND_EVERY_MS)
    answer = async (sightings) => sightings.map(() => stateWith({}))
    groups.count(seen('a', START + 2))
    told.length = 0
    await groups.close()
    const times = { firstSeenAt: START, lastSeenAt: START + 2 }
    const last = { occurrences: 3, ...times, canReport: false, kind: 'fatal' }
    expect(told).toEqual([[{ fingerprint: 'a', ...last }]])
    groups.count(seen('a', START + 3))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ask a store that keeps failing once a second, and without delay when it answers again', async () => {
    let questions = 0
    answer = () => {
      questions++
      return Promise.reject(new Error('down'))
    }
    const groups = build()
    const verdicts: (boolean | undefined)[] = []
    const storm = async (from: number): Promise<void> => {
      for (let at = from; at < from + 1_000; at++) {
        const verdict = await groups
          .count(seen(`group ${at % limits.maxGroups} of ${from}`, Date.now()))
          .confirm?.(undefined)
        verdicts.push(verdict?.isDue)
      }
    }
    await storm(0)
    expect(questions).toBe(MAX_FAILURES_IN_A_ROW)
    // This instance's own count decides meanwhile, and what the store does not know is counted as a failure.
    expect(verdicts.filter((isDue) => isDue)).toHaveLength(
      verdicts.filter((one) => one !== undefined).length,
    )
    const failuresBefore = groups.failures
    await vi.advanceTimersByTimeAsync(10 * SEND_EVERY_MS)
    expect(questions - MAX_FAILURES_IN_A_ROW).toBeGreaterThanOrEqual(9)
    expect(questions - MAX_FAILURES_IN_A_ROW).toBeLessThanOrEqual(11)
    expect(groups.failures).toBeGreaterThan(failuresBefore)
    answer = async (sightings) => {
      questions++
      return sightings.map(() => stateWith({ isDue: true }))
    }
    await vi.advanceTimersByTimeAsync(SEND_EVERY_MS)
    const before = questions
    await groups.count(seen('new', Date.now())).confirm?.(undefined)
    expect(questions).toBe(before + 1)
    await groups.close()
  })

  it('ask at most 100 questions at a time when a store hangs', async () => {
    const groups = build()
    answer = () => new Promise(() => undefined)
    const verdicts = Array.from({ length: 1_000 }, (_, at) => groups.count(seen(`g${at}`, START)))
    const confirmed = Promise.all(verdicts.map(({ confirm }) => confirm?.(undefined)))
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await confirmed).every((verdict) => verdict?.isDue === true)).toBe(true)
    expect(told.length).toBeLessThanOrEqual(101)
    expect(groups.failures).toBeGreaterThanOrEqual(1_000)
  })
})
