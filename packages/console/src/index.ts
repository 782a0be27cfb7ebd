import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type * from './api/model.js'
export type { Authorize, AuthorizeChange, ConsoleOptions } from './options.js'
export { default } from './plugin.js'

/** The codes of the errors that the console throws at a developer. */
export type ConsoleErrorCode = CodeOf<typeof errors>

/** Every error that the console throws at a developer, by its code: what it says and what to do about it. */
export const errorCatalog: ErrorCatalog<ConsoleErrorCode> = catalogOf(errors)
