import { type CallbackFailures, unknownFieldsOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'

/** What the application wants a report to show of who made the request. From PyMacaron's crash reports. */
export interface ReportUser {
  /** Replaces the id that core's option `user` finds. */
  readonly id?: string | number | null
  readonly name?: string | null
  readonly email?: string | null
  /** The language that the user has chosen: `en`, `sw` ... */
  readonly language?: string | null
}

/** Finds what a report shows of who made the request; see the option `reportUser`. */
export type ReportUserFinder = (request: FastifyRequest) => ReportUser | null | undefined

const NOBODY: ReportUser = {}
const FIELDS: readonly string[] = ['id', 'name', 'email', 'language']

/** Makes the function that calls the option; a failure is logged and counted, and the report is made without it. */
export function reportUserFinder(
  find: ReportUserFinder | undefined,
  failures: CallbackFailures<'reportUser'>,
): (request: FastifyRequest) => ReportUser {
  if (find === undefined) return () => NOBODY
  return (request) => {
    let unknown: string | undefined
    const call = (): ReportUser => {
      const user = find(request) ?? NOBODY
      // The guard refuses a promise.
      if (user instanceof Promise) return user as ReportUser
      const checked = checkUser(user)
      unknown = unknownFieldsOf(user, FIELDS)
      return checked
    }
    const { log } = request
    const instead = 'the report shows only what core knows of the user'
    const user = failures.guard('reportUser', call, NOBODY, log, instead)
    if (unknown !== undefined) {
      failures.note('reportUser', new TypeError(unknown), log, 'the report is made without it')
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
  throw new TypeError(`its field "${field}" has the type ${typeof value}, expected a string`)
}
