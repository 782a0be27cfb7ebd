import type { FastifyInstance, FastifyRequest } from 'fastify'
import { tokenFor } from '../access/change-check.js'
import { readerFor } from '../query/reader.js'
import { textAt } from '../record/rows.js'
import type { ConsoleRoutes } from './console-routes.js'
import { Session } from './model.js'
import type { ApiParts } from './parts.js'

/** Declares `GET /api/session`. */
export function sessionRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  const { app, guard } = parts
  // Asked once: the statistics count all records, and how the store was opened does not change.
  let isReadOnlyStore: boolean | undefined
  routes.get('/api/session', { answer: Session }, async ({ request, reply }): Promise<Session> => {
    const read = readerFor(parts, reply)
    isReadOnlyStore ??= (await read((store) => store.stats())).isReadOnly
    const isReadOnly = isReadOnlyStore
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
