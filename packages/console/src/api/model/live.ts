import { type Static, Type } from '@sinclair/typebox'
import { count } from './fields.js'

/**
 * The live tail, `GET /api/live?kinds=reports,audit_events&<filter>`: server-sent events `record` (a RecordRow), `group` (a Group that is
 * new or has regressed, for the bell), `lag` (`{ behindMs, dropped }`) and a comment each 15 s. The event id resumes a stream.
 */
export const LiveLag = Type.Object({ behindMs: Type.Number(), dropped: count() })
export type LiveLag = Static<typeof LiveLag>

/** What the API answers to a mistake, in the format `scs`; another format of the application is shown as text. */
export interface ApiError {
  readonly error: { readonly id: string; readonly message: string; readonly details?: unknown }
}
