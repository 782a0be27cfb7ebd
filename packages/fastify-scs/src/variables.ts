import { VariableError } from './errors.js'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says of the options; what is not set there is left out. */
export interface VariableOptions {
  readonly source?: string
  readonly storeUrl?: string
  readonly retentionDays?: number
  readonly environment?: string
  readonly errorFormat?: ErrorFormatVariable
  readonly slowCallMs?: number
}

const FORMATS = ['scs', 'pymacaron', 'problem'] as const
type ErrorFormatVariable = (typeof FORMATS)[number]

/** As the store's option `retentionDays`. */
const MAX_DAYS = 36_500
/** As slow-call's option `maxMs`. */
const MAX_MS = 86_400_000

/**
 * Reads the `SCS_*` variables that stand for options. One that is empty, or only spaces, counts as not set: that is how a variable is
 * switched off in most places that set them.
 *
 * @throws SCS_ALL_ERR_VARIABLE
 */
export function readVariables(env: Environment): VariableOptions {
  const errorFormat = textIn(env, 'SCS_ERROR_FORMAT')
  return {
    ...given('source', textIn(env, 'SCS_SOURCE')),
    ...given('storeUrl', textIn(env, 'SCS_STORE_URL')),
    ...given('retentionDays', numberIn(env, 'SCS_RETENTION_DAYS', MAX_DAYS)),
    ...given('environment', textIn(env, 'SCS_ENVIRONMENT')),
    ...given('errorFormat', errorFormat === undefined ? undefined : formatOf(errorFormat)),
    ...given('slowCallMs', numberIn(env, 'SCS_SLOW_CALL_MS', MAX_MS)),
  }
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Each in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Each in Name]: Value })
}

function textIn(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function numberIn(env: Environment, name: string, maximum: number): number | undefined {
  const text = textIn(env, name)
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= maximum) return number
  throw new VariableError(name, `a whole number, 1 to ${maximum}`, `'${text}'`)
}

function formatOf(text: string): ErrorFormatVariable {
  const format = FORMATS.find((each) => each === text)
  if (format !== undefined) return format
  throw new VariableError(
    'SCS_ERROR_FORMAT',
    FORMATS.map((each) => `'${each}'`).join(', '),
    `'${text}'`,
  )
}
