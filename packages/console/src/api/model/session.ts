import { type Static, Type } from '@sinclair/typebox'
import { nullable, text, time } from './fields.js'

/** Who is looking, and what the page may show and do: `GET /api/session`. */
export const Session = Type.Object({
  /** What the application calls itself in its audit events. */
  source: text(),
  user: nullable(text()),
  /** Whether `authorizeChange` allows this client to change anything. */
  canChange: Type.Boolean(),
  /** To be sent back as the header `x-scs-token` with each POST; null where nothing can be changed. */
  token: nullable(text()),
  /** Whether the store was opened for reading only. */
  isReadOnly: Type.Boolean(),
  /** The release and environment that error-reporter was registered with. */
  release: nullable(text()),
  environment: nullable(text()),
  /** The server's clock. */
  now: time(),
})
export type Session = Static<typeof Session>
