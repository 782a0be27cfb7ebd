import type { DetailsSchema } from '../errors/details-schema.js'
import { toKebabCase } from '../errors/error-code.js'
import { isDefinedError } from '../errors/error-definition.js'
import { unfilledMessage } from '../errors/error-message.js'
import type { Answer, ErrorRegistry } from '../errors/error-registry.js'
import type { RouteError } from '../errors/route-errors.js'
import type { MessageTemplate } from '../kit/message-template.js'

/** One error answer of a route, as clients know it. */
export interface DeclaredError {
  /** HTTP status code. */
  readonly status: number
  /** The id in the `scs` and `problem` formats. */
  readonly id: string
  /** The code in the `pymacaron` format. */
  readonly code: string
  /** What clients read; an example where the text is not fixed. Fields that are filled in stand as they were written. */
  readonly message: string
  /** What the message is filled in by; undefined for a message without fields. */
  readonly template: MessageTemplate | undefined
  /** The schema of its details, where there is one. */
  readonly details: DetailsSchema | undefined
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
  const { message } = errorOfAnswer(errors.defaultOf(status))
  const known = { status, id: toKebabCase(code), code, message, hasOwnId: true }
  return [{ ...known, details: undefined, template: undefined }]
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
  const { status, id, code, registered, template } = answer
  const message = template === undefined ? answer.message : unfilledMessage(template)
  const hasOwnId = registered !== undefined
  return { status, id, code, message, template, details: registered?.details, hasOwnId }
}

function registeredError(answer: Answer | undefined): DeclaredError[] {
  return answer === undefined ? [] : [errorOfAnswer(answer)]
}
