import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { describe, expect, it, vi } from 'vitest'
import { newFolder } from './databases.js'
import { type StoryProcess, startStory } from './story-process.js'

/*
 * An error that passes through three services, each a process of its own: the profiles fail, the accounts call them and throw on
 * what they get, and the orders call the accounts and return it.
 */

vi.setConfig({ testTimeout: 120_000 })

const SOURCES = ['profiles', 'accounts', 'orders'] as const

type Source = (typeof SOURCES)[number]

/** What a client has got, and what each service has written by then. */
interface Told {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly errorId: string | null
  /** The lines of each service's log about the request's failure. */
  readonly lines: Readonly<Record<Source, readonly Line[]>>
  readonly reports: Readonly<Record<Source, readonly CrashReport[]>>
}

interface Line {
  readonly reqId?: string
  readonly level: string
  readonly message: string
  readonly errorId?: string
}

type Failure = 'a ServiceError' | 'a registered error' | 'a crash' | 'a reported error'

/** How the accounts and the orders pass an error on. */
type Forwarding = readonly [accounts: string, orders: string]

const FAILURES: readonly Failure[] = [
  'a ServiceError',
  'a registered error',
  'a reported error',
  'a crash',
]

/** Starts the three services when the first failure is asked for, lets each of them happen, and ends them. */
function telling(
  format: string | readonly string[],
  forwarding: Forwarding,
): (failure: Failure) => Promise<Told> {
  let told: Promise<ReadonlyMap<Failure, Told>> | undefined
  return async (failure) => {
    told ??= tellAll(format, forwarding)
    const found = (await told).get(failure)
    if (found === undefined) throw new Error(`${failure} was not asked for`)
    return found
  }
}

async function tellAll(
  format: string | readonly string[],
  forwarding: Forwarding,
): Promise<ReadonlyMap<Failure, Told>> {
  const folder = newFolder()
  const started: StoryProcess[] = []
  for (const [index, source] of SOURCES.entries()) {
    const upstream = started.at(-1)?.address
    const forwards = forwarding[index - 1]
    const errorFormat = typeof format === 'string' ? format : format[index]
    const options = { source, errorFormat, upstream, folder, forwards }
    started.push(await startStory('forwarder', folder, options))
  }
  const orders = started.at(-1)?.address
  const answers: Pick<Told, 'status' | 'body' | 'errorId'>[] = []
  for (const failure of FAILURES) {
    const answer = await fetch(`${orders}/profile?failure=${encodeURIComponent(failure)}`)
    const body = (await answer.json()) as Record<string, unknown>
    answers.push({ status: answer.status, body, errorId: answer.headers.get('x-error-id') })
  }
  for (const each of started.toReversed()) {
    each.child.disconnect()
    expect(await each.ended()).toBe(0)
  }
  const written = (source: Source): Written => ({
    lines: read(join(folder, `${source}.log`)),
    reports: read(join(folder, `${source}.reports`)),
  })
  const all = {
    profiles: written('profiles'),
    accounts: written('accounts'),
    orders: written('orders'),
  }
  return new Map(
    FAILURES.map((failure, index) => {
      const about = (source: Source): Written => writtenOf(all[source], `req-${index + 1}`)
      const [profiles, accounts, orders] = [about('profiles'), about('accounts'), about('orders')]
      const lines = { profiles: profiles.lines, accounts: accounts.lines, orders: orders.lines }
      const reports = {
        profiles: profiles.reports,
        accounts: accounts.reports,
        orders: orders.reports,
      }
      return [failure, { ...(answers[index] as (typeof answers)[0]), lines, reports }]
    }),
  )
}

interface Written {
  readonly lines: readonly Line[]
  readonly reports: readonly CrashReport[]
}

function read<Row>(path: string): Row[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Row)
}

/** What a service has written of one request: its own lines, and those of its reports, which have its error's id. */
function writtenOf({ lines, reports }: Written, requestId: string): Written {
  const own = lines.filter(({ reqId }) => reqId === requestId)
  const ids = idsIn(own)
  const others = lines.filter(({ reqId, errorId }) => {
    return reqId === undefined && errorId !== undefined && ids.includes(errorId)
  })
  return {
    lines: [...own, ...others],
    reports: reports.filter(({ request }) => request?.id === requestId),
  }
}

/** The ids that each service's log tells of. */
function idsIn(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.flatMap(({ errorId }) => errorId ?? []))]
}

const FORMATS = [
  ['pymacaron', 'throws what it makes of the model', 'returns the model'],
  ['pymacaron', 'returns the model', 'throws what it makes of the model'],
  ['pymacaron', 'throws what it makes of the response', 'returns the model of the response'],
  ['scs', 'throws what it makes of the response', 'returns the model of the response'],
  ['scs', 'returns the model of the response', 'throws what it makes of the response'],
] as const

describe.each(FORMATS)('in %s format, one service %s, the next %s', (format, ...forwarding) => {
  const tell = telling(format, forwarding)

  it('a ServiceError keeps its code, description, user message and status on the way to the client', async () => {
    const { status, body, errorId, reports } = await tell('a ServiceError')
    expect(status).toBe(401)
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'INVALID_USER',
        error_description: 'DB entry not found',
        user_message: "Sorry, we don't know you",
        status: 401,
      })
    } else {
      expect(body).toEqual({ error: { id: 'invalid-user', message: "Sorry, we don't know you" } })
    }
    // Below 500 nothing was reported: there is no id.
    expect(errorId).toBeNull()
    expect(Object.values(reports).flat()).toEqual([])
  })

  it('a registered error keeps its id, its message, its details and its status', async () => {
    const { status, body } = await tell('a registered error')
    expect(status).toBe(429)
    const message = 'Too many profiles were asked for'
    if (format === 'pymacaron') {
      expect(body).toMatchObject({
        error: 'PROFILES_TOO_MANY',
        error_description: message,
        error_details: { limit: 3 },
        status: 429,
      })
    } else {
      expect(body).toEqual({ error: { id: 'profiles-too-many', message, details: { limit: 3 } } })
    }
  })

  it('an error below 500 that was reported has one id in the answer and in all three logs', async () => {
    const { status, body, errorId, lines, reports } = await tell('a reported error')
    expect(status).toBe(409)
    const id = reports.profiles[0]?.error_id
    expect(errorId).toBe(id)
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'PROFILE_BROKEN',
        error_description: 'no picture in bucket 4',
        user_message: 'This profile is being repaired',
        status: 409,
        error_id: id,
      })
    } else {
      expect(body).toEqual({
        error: { id: 'profile-broken', message: 'This profile is being repaired' },
      })
    }
    for (const source of SOURCES) expect(idsIn(lines[source])).toEqual([id])
    expect(reports.profiles).toMatchObject([{ is_fatal_error: false }])
    expect([...reports.accounts, ...reports.orders]).toEqual([])
  })

  it('a crash has one id in the answer, in all three logs and in the reports, the first of which says where it began', async () => {
    const { status, body, errorId, lines, reports } = await tell('a crash')
    expect(status).toBe(500)
    expect(errorId).toMatch(/^[\w-]{36}$/)
    const message = 'An unexpected error occurred'
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'SERVER_ERROR',
        error_description: message,
        status: 500,
        error_id: errorId,
      })
    } else {
      expect(body).toEqual({ error: { id: 'internal-server-error', message } })
    }
    for (const source of SOURCES) {
      expect(idsIn(lines[source])).toEqual([errorId])
      expect(reports[source]).toMatchObject([
        { error_id: errorId, is_fatal_error: true, response: { status: 500 } },
      ])
    }
    // Where it began its cause is told, and nowhere else.
    expect(JSON.stringify(reports.profiles)).toContain('TypeError: the row of db-7.internal')
    const elsewhere = JSON.stringify([body, reports.accounts, reports.orders, lines.orders])
    expect(elsewhere).not.toContain('db-7.internal')
  })
})

const MIXED = [
  ['scs', 'problem', 'pymacaron'],
  ['pymacaron', 'scs', 'problem'],
  ['problem', 'pymacaron', 'scs'],
] as const

describe.each(MIXED)('with the formats %s, %s and %s', (...formats) => {
  const forwarding = [
    'throws what it makes of the response',
    'returns the model of the response',
  ] as const
  const tell = telling(formats, forwarding)

  it('a ServiceError keeps its status, its code and what a user may read', async () => {
    const { status, body } = await tell('a ServiceError')
    expect(status).toBe(401)
    const text = JSON.stringify(body)
    expect(text).toContain(formats[2] === 'pymacaron' ? '"INVALID_USER"' : '"invalid-user"')
    expect(text).toContain("Sorry, we don't know you")
  })

  it('a crash has one id in the answer and in all three logs', async () => {
    const { status, errorId, lines } = await tell('a crash')
    expect(status).toBe(500)
    expect(errorId).toMatch(/^[\w-]{36}$/)
    for (const source of SOURCES) expect(idsIn(lines[source])).toEqual([errorId])
  })
})
