import { textAt, within } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { tokenFor } from '../access/change-check.js'
import type { Read } from '../query/query-gate.js'
import { readerFor } from '../query/reader.js'
import type { ConsoleRoutes } from './console-routes.js'
import { Session } from './model.js'
import type { ApiParts } from './parts.js'

/** How long somebody waits for the statistics of the store, in milliseconds. */
const STATS_WAIT_MS = 2_000

/** Declares `GET /api/session`. */
export function sessionRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  const { app, guard, failures } = parts
  let known: boolean | undefined
  /** Asked until it is known: the statistics count all records, and how the store was opened does not change. */
  const isReadOnlyStore = async (read: Read): Promise<boolean> => {
    const asked = read((store) => store.stats())
    try {
      known ??= (await within(asked, STATS_WAIT_MS))?.isReadOnly
    } catch (error) {
      failures.log(error, 'the console could not read the statistics of the store')
    }
    // A change of a store that only reads is refused later.
    return known ?? false
  }
  routes.get('/api/session', { answer: Session }, async ({ request, reply }): Promise<Session> => {
    const isReadOnly = known ?? (await isReadOnlyStore(readerFor(parts, reply)))
    const canChange = !isReadOnly && (await guard.mayChange(request))
    return {
      source: app.scs.source,
      user: userOf(request),
      canChange,
      token: canChange ? tokenFor(request, reply) : null,
      isReadOnly,
      ...versionOf(app),
      now: Date.now(),
    }
  })
}

/** Who makes a request, as a text. */
export function userOf(request: FastifyRequest): string | null {
  const user = request.server.scs.userOf(request)
  return user === null ? null : String(user)
}

/** What error-reporter was registered with, where it is and tells. */
function versionOf(app: FastifyInstance): Pick<Session, 'release' | 'environment'> {
  const reporter = app.hasDecorator('errorReporter')
    ? (app as FastifyInstance & { readonly errorReporter: object }).errorReporter
    : undefined
  return { release: textAt(reporter, 'release'), environment: textAt(reporter, 'environment') }
}
