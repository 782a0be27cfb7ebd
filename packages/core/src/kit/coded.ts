import createError, { type FastifyErrorConstructor } from '@fastify/error'

/** The values that a message takes, one for each `%s`, and then the cause. */
type ValuesOf<Message extends string> = Message extends `${string}%s${infer Rest}`
  ? [value: string | number, ...ValuesOf<Rest>]
  : [detail?: { readonly cause: unknown }]

/** One coded error of a catalogue. */
export interface CodedError {
  /** What the error says; each `%s` is filled in. */
  readonly message: string
  /** What the developer does about it. */
  readonly fix: string
}

/** A class of errors with a code, made by `coded`. */
export type CodedErrorClass<
  Code extends string = string,
  Values extends unknown[] = never[],
> = FastifyErrorConstructor<{ code: Code }, Values> & {
  readonly code: Code
  readonly template: string
  readonly fix: string
}

/**
 * Declares a coded error in one line: its code, its message and what to do about it.
 *
 * @param message one `%s` for each value that the constructor takes
 * @param fix one sentence for docs/reference/errors.md
 * @param status HTTP status of an error that reaches a client. @default 500
 */
export function coded<const Code extends string, const Message extends string>(
  code: Code,
  message: Message,
  fix: string,
  status = 500,
): CodedErrorClass<Code, ValuesOf<Message>> {
  const made = createError<Code, ValuesOf<Message>>(code, message, status)
  return Object.assign(made, { code, template: message, fix })
}

/** The errors of a catalogue by their codes. */
export type ErrorCatalog<Code extends string = string> = Readonly<Record<Code, CodedError>>

/** The codes of the errors that a module exports. */
export type CodeOf<Errors> = {
  [Name in keyof Errors]: Errors[Name] extends { readonly code: infer Code extends string }
    ? Code
    : never
}[keyof Errors]

/** Makes the catalogue of a package from its module of errors: `catalogOf(errors)` after `import * as errors from './errors.js'`. */
export function catalogOf<Errors extends object>(errors: Errors): ErrorCatalog<CodeOf<Errors>> {
  const classes = Object.values(errors).filter(isCodedErrorClass)
  const entries = classes.map(({ code, template, fix }) => [code, { message: template, fix }])
  return Object.fromEntries(entries)
}

function isCodedErrorClass(value: unknown): value is CodedErrorClass {
  return typeof value === 'function' && 'code' in value && 'fix' in value
}
