import type { BodyPolicy } from '../options-service.js'

/** What is kept of the bodies of a service's calls. */
export interface BodyLimits {
  readonly bodies: BodyPolicy
  /** Bytes kept of each body; what lies beyond is only counted. */
  readonly maxBodyBytes: number
  /** Given where an answer's body may say that it is a failure. */
  readonly isFailure?: unknown
}

/** A service, as a transport needs to know it. */
export interface DeclaredService extends BodyLimits {
  readonly name: string
}
