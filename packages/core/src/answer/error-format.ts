import type { FastifyRequest } from 'fastify'
import type { Failure } from '../errors/failure.js'
import { formatPymacaron } from '../errors/pymacaron.js'
import { formatProblem } from './problem.js'
import { formatScs } from './scs.js'

/** Makes the body of an error answer; a string is sent as text, anything else as JSON. */
export type ErrorFormatter = (error: Failure, request: FastifyRequest) => unknown

/** The formats that core brings along. */
export type ErrorFormatName = 'scs' | 'pymacaron' | 'problem'

/** One format: what it makes and as which content type. */
export interface ErrorFormat {
  readonly format: ErrorFormatter
  readonly contentType: string
  /** Whether the body depends on nothing but the failure, so that it can be kept. */
  readonly isConstant: boolean
  /** Whether the id of a report is part of the body. */
  readonly showsErrorId: boolean
  /** Whether the body is sure to be plain JSON data. */
  readonly isPlain: boolean
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** The RFC 9457 format, which a client can also ask for. */
export const PROBLEM_FORMAT: ErrorFormat = {
  format: formatProblem,
  contentType: 'application/problem+json; charset=utf-8',
  isConstant: false,
  showsErrorId: true,
  isPlain: true,
}

/** The SCS format, which also stands in for a formatter that throws. */
export const SCS_FORMAT: ErrorFormat = {
  format: formatScs,
  contentType: JSON_TYPE,
  isConstant: true,
  showsErrorId: false,
  isPlain: true,
}

const PYMACARON_FORMAT: ErrorFormat = {
  format: formatPymacaron,
  contentType: JSON_TYPE,
  isConstant: true,
  showsErrorId: true,
  isPlain: true,
}

/** The format that the option names, or the function's own. */
export function resolveErrorFormat(option: ErrorFormatName | ErrorFormatter): ErrorFormat {
  if (typeof option === 'function') {
    return {
      format: option,
      contentType: JSON_TYPE,
      isConstant: false,
      showsErrorId: true,
      isPlain: false,
    }
  }
  return { scs: SCS_FORMAT, pymacaron: PYMACARON_FORMAT, problem: PROBLEM_FORMAT }[option]
}

/** Whether a client accepts problem details and nothing else. */
export function acceptsOnlyProblem(accept: string | undefined): boolean {
  if (accept === undefined || !/problem\+json/i.test(accept)) return false
  const accepted = accept
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .filter((range) => range !== '' && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range))
  return (
    accepted.length > 0 &&
    accepted.every((range) => /^application\/problem\+json\s*(;|$)/.test(range))
  )
}
