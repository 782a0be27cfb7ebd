export { createScsClient, type ScsClient } from './client.js'
export type {
  CodeOf,
  ErrorBody,
  ErrorOfBody,
  IdOfCode,
  ProblemBody,
  PymacaronBody,
  ScsBody,
} from './error-body.js'
export type { ErrorsOf } from './errors-of.js'
export type { ErrorsOfPaths } from './errors-of-paths.js'
export { isScsError, type Narrowed } from './is-scs-error.js'
export { type AnswerHead, readScsError } from './read-error.js'
export { type ResponseLike, readScsResponse } from './read-response.js'
export type {
  DetailsOfId,
  ErrorOfId,
  IdOf,
  ScsError,
  ScsErrorFormat,
  ScsErrors,
} from './scs-error.js'
