import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type { Io, Sink } from './io.js'
export { run } from './program.js'

/** The codes of the errors that the program says. */
export type CliErrorCode = CodeOf<typeof errors>

/** Every error that the program says by a code of its own: what it says and what to do about it. */
export const errorCatalog: ErrorCatalog<CliErrorCode> = catalogOf(errors)
