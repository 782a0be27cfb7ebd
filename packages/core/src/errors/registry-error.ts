import { resumeStackTraces, suspendStackTraces } from './stack-trace.js'

/** What a thrown error tells beyond its registered message. */
export interface AnswerOptions {
  /** Any data for the client; copied safely into the answer. */
  readonly details?: unknown
  /** What led to it, for reports and, from 500 on, the log; the client never sees it. */
  readonly cause?: unknown
}

// Symbol.for, so that an error made by another installed copy of this package is still known.
const brand = Symbol.for('@fastify-scs/core/registry-error')
const mistakeKey = Symbol.for('@fastify-scs/core/registry-error-mistake')

/** What `abort` and the factories throw: an answer to look up in the registry of the app that handles it. */
export class RegistryError extends Error {
  /** HTTP status code; under Fastify's name, so that a foreign error handler answers it as well. */
  readonly statusCode: number
  /** The registered id; the code's default answers when there is none. */
  readonly id: string | undefined
  readonly details: unknown

  constructor(code: number, id: string | undefined, message: string, options?: AnswerOptions) {
    if (code >= 500) {
      super(message, causeOf(options))
    } else {
      const limit = suspendStackTraces()
      super(message, causeOf(options))
      resumeStackTraces(limit)
    }
    this.statusCode = code
    this.id = id
    this.details = options?.details
  }

  static {
    Object.defineProperty(RegistryError.prototype, brand, { value: true })
  }
}

function causeOf(options: AnswerOptions | undefined): ErrorOptions | undefined {
  return options?.cause === undefined ? undefined : { cause: options.cause }
}

/** Whether an error is one to look up in the registry. */
export function isRegistryError(error: object): error is RegistryError {
  return (error as { readonly [brand]?: unknown })[brand] === true
}

/** Has a mistake logged with the answer: a field that was given and is not known. */
export function markMistake(error: RegistryError, mistake: string): void {
  Object.defineProperty(error, mistakeKey, { value: mistake })
}

/** What was wrong about the options that an error was made with. */
export function mistakeOf(error: RegistryError): string | undefined {
  return (error as { readonly [mistakeKey]?: string })[mistakeKey]
}
