import { STATUS_CODES } from 'node:http'
import type { TSchema } from '@sinclair/typebox'
import { toKebabCase } from '../errors/error-code.js'
import { isDefinedError } from '../errors/error-definition.js'
import type { Answer, ErrorRegistry } from '../errors/error-registry.js'
import type { RouteError } from '../errors/route-errors.js'

/** One error answer of a route, as clients know it. */
export interface DeclaredError {
  /** HTTP status code. */
  readonly status: number
  /** The id in the `scs` and `problem` formats. */
  readonly id: string
  /** The code in the `pymacaron` format. */
  readonly code: string
  /** What clients read; an example where the text is not fixed. */
  readonly message: string
  /** The schema of its details, where there is one. */
  readonly details: TSchema | undefined
  /** Whether its id is its own, and not that of a status. */
  readonly hasOwnId: boolean
}

/** The answers that an item of `throws` stands for: several for an id that is registered for more than one code. */
export function declaredErrorsOf(item: RouteError, errors: ErrorRegistry): DeclaredError[] {
  if (typeof item === 'string') {
    return errors
      .list()
      .filter(({ id }) => id === item)
      .flatMap(({ code, id }) => registeredError(errors.find(code, id)))
  }
  if (isDefinedError(item)) return registeredError(errors.find(item.code, item.id))
  const { code, status } = item
  const message = errors.defaultOf(status).message
  return [{ status, id: toKebabCase(code), code, message, details: undefined, hasOwnId: true }]
}

/** The answers that all items of `throws` stand for, each once. */
export function allDeclaredErrors(
  items: readonly RouteError[],
  errors: ErrorRegistry,
): readonly DeclaredError[] {
  const found = items.flatMap((item) => declaredErrorsOf(item, errors))
  return [...new Map(found.map((error) => [keyOfError(error), error])).values()]
}

/** What tells two answers apart. */
export function keyOfError({ status, id }: Pick<DeclaredError, 'status' | 'id'>): string {
  return `${status} ${id}`
}

/** The answer of the registry as clients know it. */
export function errorOfAnswer(answer: Answer): DeclaredError {
  const { status, id, code, registered } = answer
  const message = answer.message || (STATUS_CODES[status] ?? 'Unknown error')
  const hasOwnId = registered !== undefined
  return { status, id, code, message, details: registered?.details, hasOwnId }
}

function registeredError(answer: Answer | undefined): DeclaredError[] {
  return answer === undefined ? [] : [errorOfAnswer(answer)]
}
