import type { StoredGroup } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { findGroup } from '../query/find-groups.js'
import { readerFor } from '../query/reader.js'
import { decidedOf } from '../record/groups.js'
import type { ConsoleRoutes } from './console-routes.js'
import { GroupChange } from './model.js'
import type { ApiParts } from './parts.js'
import {
  ChangedMeanwhileError,
  NotFoundError,
  RetryFailedError,
  RetryRefusedError,
} from './refusals.js'
import { integrationsOf, isRetryable } from './retry.js'
import { userOf } from './session.js'

const Nothing = Type.Object({}, { additionalProperties: false })

/** Declares what changes something: the state of a group, and a call that is sent again. */
export function changeRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.post('/api/groups/*', { body: GroupChange }, async ({ request, reply, params, body }) => {
    const read = readerFor(parts, reply)
    const fingerprint = params['*'] ?? ''
    const { revision: expected, ...change } = body
    const before = await findGroup(read, fingerprint)
    const { isChanged, group } = await read((store) =>
      store.changeGroup(fingerprint, { expected, by: userOf(request), at: Date.now(), ...change }),
    )
    if (!isChanged || group === undefined) {
      const details = { group: await findGroup(read, fingerprint) }
      throw new ChangedMeanwhileError('Somebody else has changed the group', { details })
    }
    parts.audit.changed(request, fingerprint, decidedOf(before), decidedOf(group))
    return { group: { ...before, ...decidedOf(group), ...seenSince(group) } }
  })

  routes.post(
    '/api/integration_requests/:id/retry',
    { body: Nothing },
    async ({ request, reply, params: { id = '' } }) => {
      const found = await readerFor(parts, reply)((store) => store.get('integration_requests', id))
      if (found === undefined) throw new NotFoundError('There is no such record')
      if (!isRetryable(parts.app, found))
        throw new RetryRefusedError('The call cannot be sent again: its service does not allow it')
      parts.audit.retried(request, id)
      return { id: await sendAgain(parts, id) }
    },
  )
}

/** What may have been counted between the two reads. */
function seenSince({ occurrences, lastSeenAt, users }: StoredGroup) {
  return { occurrences, lastSeenAt, users }
}

/** Sends a call again, and waits for its answer to be recorded; returns the id of the new record. */
async function sendAgain({ app }: ApiParts, id: string): Promise<string> {
  try {
    const handle = await integrationsOf(app)?.resume(id)
    if (handle === undefined) throw new NotFoundError('There is no such record')
    const { response, handle: made } = await handle.retry()
    // Its record is complete once its body is read.
    for await (const _ of response.body ?? []);
    return made.id
  } catch (error) {
    if (error instanceof NotFoundError) throw error
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
    if (code === 'SCS_INTEGRATION_ERR_RETRY')
      throw new RetryRefusedError(String(message), { cause: error })
    throw new RetryFailedError('The call was sent again and failed without an answer', {
      cause: error,
    })
  }
}
