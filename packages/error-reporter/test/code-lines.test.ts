import { fileURLToPath } from 'node:url'
import type { CrashReport, ErrorReporterOptions } from '@fastify-scs/error-reporter'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sortedJson } from '../src/delivery/outgoing-report.js'
import { buildApp, onlyReport, type TestApp } from './build-app.js'

/** Fails; the line has a secret. */
function fail(): never {
  const apiKey = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
  throw new Error(`no order for ${apiKey.length}`)
}

async function appWith(reporter: ErrorReporterOptions = {}): Promise<TestApp> {
  const test = await buildApp({ reporter: { growth: 1, maxCallsPerMinute: false, ...reporter } })
  onTestFinished(() => test.app.close())
  test.app.get('/', fail)
  return test
}

function worker(name: string): ErrorReporterOptions {
  return { code: { workerUrl: fileURLToPath(new URL(`programs/${name}`, import.meta.url)) } }
}

describe('a report has the code around its own frames', () => {
  it('redacted, with the line of the trace that it is about', async () => {
    const test = await appWith()
    await test.app.inject('/')
    const report = await onlyReport(test)
    const [code] = report.code
    expect(code).toMatchObject({
      file: 'packages/error-reporter/test/code-lines.test.ts',
      frame: report.trace[1],
    })
    expect(code?.lines[(code.line ?? 0) - (code.first_line ?? 0)]).toContain('throw new Error(')
    expect(code?.lines).toContain("  const apiKey = '[redacted]'")
    expect(JSON.stringify(report)).not.toContain('sk_live')
    expect(test.app.errorReporter.stats().code).toEqual({ added: 1, missed: 0 })
  })

  it('of the call of reportError and of a cause as well', async () => {
    const test = await appWith()
    const cause = new RangeError('cause')
    const caught = new Error('outer', { cause })
    test.app.reportError('Oops', { caught })
    const { code, trace, stack, causes } = await onlyReport(test)
    const frames = code.map(({ frame }) => frame)
    const firstOf = (lines: readonly string[] = []): string | undefined =>
      lines.find((line) => line.includes('code-lines.test'))
    expect(frames).toContain(firstOf(trace))
    expect(frames).toContain(firstOf(stack))
    expect(frames).toContain(firstOf(causes[0]?.trace))
  })

  it('in the message, whose fields are in the order of their names', async () => {
    const test = await appWith()
    await test.app.inject('/')
    const [call] = await test.reported()
    expect(call?.message).toContain('throw new Error(')
    expect(call?.message).toBe(sortedJson(call?.report ?? {}))
    for (const code of call?.report.code ?? []) {
      expect(Object.keys(code)).toEqual(Object.keys(code).toSorted())
    }
  })

  it('which beforeReport sees, and may take away', async () => {
    const seen: number[] = []
    const beforeReport = (report: CrashReport): void => {
      seen.push(report.code.length)
      report.code = []
    }
    const test = await appWith({ beforeReport: beforeReport as never })
    await test.app.inject('/')
    expect((await onlyReport(test)).code).toEqual([])
    expect(seen).toEqual([expect.any(Number)])
    expect(seen[0]).toBeGreaterThan(0)
  })

  it('unless it is switched off, or the frames lie outside of the root', async () => {
    for (const code of [
      false,
      { root: fileURLToPath(new URL('programs', import.meta.url)) },
    ] as const) {
      const test = await appWith({ code })
      await test.app.inject('/')
      expect((await onlyReport(test)).code).toEqual([])
      expect(test.app.errorReporter.stats().code).toEqual({ added: 0, missed: 0 })
    }
  })

  it('only if it is due: others are counted and nothing is read', async () => {
    const test = await appWith({ growth: 2 })
    for (let at = 0; at < 7; at++) await test.app.inject('/')
    expect(await test.reported()).toHaveLength(3)
    expect(test.app.errorReporter.stats().code.added).toBe(3)
  })
})

/** An error of another line of this file each time. */
function placeNumber(at: number): Error {
  const error = new Error(`place ${at}`)
  error.stack = `Error: place\n    at place (${fileURLToPath(import.meta.url)}:${at + 1}:1)`
  return error
}

describe('reports keep their order', () => {
  it('when a later one has no frames to be read', async () => {
    const test = await appWith()
    test.app.get('/returned', (_request, reply) => reply.code(500).send('no'))
    await test.app.inject('/')
    await test.app.inject('/returned')
    await test.app.inject('/')
    const lengths = (await test.reported()).map(({ report }) => report.code.length > 0)
    expect(lengths).toEqual([true, false, true])
  })

  it('and none is lost in a storm from many places, in which the app closes', async () => {
    const test = await appWith({ delivery: { maxQueued: 1_000 } })
    const places = Array.from({ length: 200 }, (_, at) => placeNumber(at))
    for (let n = 0; n < 600; n++) {
      const caught = places[n % places.length]
      test.app.reportError('Oops', { caught, data: n })
      if (n % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
    }
    await test.app.close()
    const numbers = test.calls.map(({ report }) => report.data)
    expect(numbers).toEqual(Array.from({ length: 600 }, (_, n) => n))
    const { added, missed } = test.app.errorReporter.stats().code
    expect(added + missed).toBe(600)
  })

  it('when the app closes before the code is read', async () => {
    const test = await appWith({ ...worker('silent-worker.mjs'), delivery: { shutdownMs: 50 } })
    test.app.reportError('first')
    test.app.reportError('second')
    await test.app.close()
    const titles = test.calls.map(({ title }) => title)
    expect(titles).toEqual([expect.stringMatching(/first$/), expect.stringMatching(/second$/)])
  })
})

describe('a report goes without', () => {
  it('when the thread takes too long, which is logged once', async () => {
    const test = await appWith(worker('silent-worker.mjs'))
    for (let at = 0; at < 3; at++) await test.app.inject('/')
    const calls = await test.reported()
    expect(calls.map(({ report }) => report.code)).toEqual([[], [], []])
    expect(test.app.errorReporter.stats().code).toEqual({ added: 0, missed: 3 })
    expect(warnings(test)).toEqual(['it takes longer than 3000 ms'])
  })

  it('when the thread fails, and the next one does not wait for another', async () => {
    const test = await appWith(worker('failing-worker.mjs'))
    await test.app.inject('/')
    await test.reported()
    await test.app.inject('/')
    expect(await test.reported()).toHaveLength(2)
    expect(test.app.errorReporter.stats().code).toEqual({ added: 0, missed: 2 })
    expect(warnings(test)).toEqual(['out of memory'])
  })

  it('when the module of the thread is not there', async () => {
    const test = await appWith(worker('no-worker.mjs'))
    await test.app.inject('/')
    await test.app.inject('/')
    expect(await test.reported()).toHaveLength(2)
    expect(test.app.errorReporter.stats().code).toEqual({ added: 0, missed: 2 })
    expect(warnings(test)).toEqual([expect.stringContaining('code.workerUrl')])
  })

  it('when too many wait already', async () => {
    const test = await appWith(worker('silent-worker.mjs'))
    for (let at = 0; at < 150; at++) test.app.reportError(`Oops ${at}`)
    await test.app.errorReporter.flush()
    const { reported, code } = test.app.errorReporter.stats()
    expect([reported.nonFatal, code.missed]).toEqual([150, 150])
  })
})

/** What was logged about code that could not be read. */
function warnings({ log }: TestApp): readonly unknown[] {
  return log
    .filter(({ msg }) => msg?.includes('the lines of code'))
    .map(({ err }) => (err as Error).message)
}

it('a root that does not exist is refused', async () => {
  await expect(buildApp({ reporter: { code: { root: '/no/such/folder' } } })).rejects.toMatchObject(
    {
      code: 'SCS_REPORTER_ERR_OPTIONS',
      message: "Option code.root: expected a folder that exists, got '/no/such/folder'",
    },
  )
})
