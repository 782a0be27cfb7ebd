import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { newFolder } from './databases.js'
import { type StoryProcess, startStory } from './story-process.js'

/** The services, each of which calls the one before it. */
export const SOURCES = ['profiles', 'accounts', 'orders'] as const

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

/** How the first service fails. */
export type Failure = 'a ServiceError' | 'a registered error' | 'a crash' | 'a reported error'

/** How the accounts and the orders pass an error on. */
type Forwarding = readonly [accounts: string, orders: string]

const FAILURES: readonly Failure[] = [
  'a ServiceError',
  'a registered error',
  'a reported error',
  'a crash',
]

/** Starts the three services when the first failure is asked for, lets each of them happen, and ends them. */
export function telling(
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
    await each.close()
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
export function idsIn(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.flatMap(({ errorId }) => errorId ?? []))]
}
