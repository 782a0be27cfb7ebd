import { type CallbackFailures, unknownFieldsOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'

/** What a report shows of who made the request, by the application's choice. From PyMacaron's crash reports. */
export interface ReportUser {
  /** In place of the one that the option `user` of core finds. */
  readonly id?: string | number | null
  readonly name?: string | null
  readonly email?: string | null
  /** Of the user's choice: `en`, `sw` ... */
  readonly language?: string | null
}

/** The option `reportUser`. */
export type ReportUserFinder = (request: FastifyRequest) => ReportUser | null | undefined

const NOBODY: ReportUser = {}
const FIELDS: readonly string[] = ['id', 'name', 'email', 'language']

/** Calls the option; what fails is logged and counted, and the report goes without it. */
export function reportUserFinder(
  find: ReportUserFinder | undefined,
  failures: CallbackFailures<'reportUser'>,
): (request: FastifyRequest) => ReportUser {
  if (find === undefined) return () => NOBODY
  return (request) => {
    let unknown: string | undefined
    const call = (): ReportUser => {
      const user = find(request) ?? NOBODY
      // A promise is refused by the guard, with its own words.
      if (user instanceof Promise) return user as ReportUser
      const checked = checkUser(user)
      unknown = unknownFieldsOf(user, FIELDS)
      return checked
    }
    const { log } = request
    const instead = 'the report says no more of the user than core does'
    const user = failures.guard('reportUser', call, NOBODY, log, instead)
    if (unknown !== undefined) {
      failures.note('reportUser', new TypeError(unknown), log, 'the report goes without it')
    }
    return user
  }
}

/** A copy of the known fields that are given. */
function checkUser(user: ReportUser): ReportUser {
  if (typeof user !== 'object') throw new TypeError(`it returned a ${typeof user}, not an object`)
  const { id, name, email, language } = user
  checkField('id', id, typeof id === 'number')
  checkField('name', name)
  checkField('email', email)
  checkField('language', language)
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(language === undefined ? {} : { language }),
  }
}

function checkField(field: string, value: unknown, isAllowed = false): void {
  if (isAllowed || value === undefined || value === null || typeof value === 'string') return
  throw new TypeError(`its field "${field}" is no text but of the type ${typeof value}`)
}
