import type { BodyPolicy } from '../options.js'

/** What is kept of the bodies of a service's calls. */
export interface BodyLimits {
  readonly bodies: BodyPolicy
  /** Bytes kept of each body; what lies beyond is only counted. */
  readonly maxBodyBytes: number
}

/** A service, as a transport needs to know it. */
export interface DeclaredService extends BodyLimits {
  readonly name: string
}
