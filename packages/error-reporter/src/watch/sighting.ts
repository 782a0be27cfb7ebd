import type { Redactor } from '@fastify-scs/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResponseReport } from '../report/crash-report.js'
import { endpointOf } from '../report/describe-request.js'
import { headlineOf } from '../report/headline.js'
import { fatalTitle } from '../report/titles.js'
import type { AnswerFacts } from './failed-answer.js'

/** A 5xx answer or a broken one. */
export interface Sighting {
  readonly request: FastifyRequest
  /** Null in a context whose hooks the plugin could not set. */
  readonly reply: FastifyReply | null
  /** Undefined for an answer that was merely returned. */
  readonly thrown: unknown
  readonly answer: AnswerFacts
  /** An error id that is known already. */
  readonly errorId: string | undefined
  /** Whether the answer had begun and is cut off. */
  readonly isInterrupted: boolean
}

/** The title of a crash: what was thrown says more than what the client was told. */
export function crashTitle(sighting: Sighting, apiName: string, redactor: Redactor): string {
  const { request, thrown, answer } = sighting
  const { status, code, description } = answer
  const own = thrown === undefined ? '' : headlineOf(thrown)
  const message = redactor.text(own === '' ? description : own)
  return fatalTitle({ apiName, status, code, endpoint: endpointOf(request, redactor), message })
}

/** The answer as a report shows it, once it has left. */
export function responseOf(sighting: Sighting, redactor: Redactor): ResponseReport {
  const { reply, answer, isInterrupted } = sighting
  const { status, code, description, userMessage } = answer
  return {
    error_code: redactor.text(code),
    error_description: redactor.text(description),
    interrupted: isInterrupted,
    status: isInterrupted ? (reply?.raw.statusCode ?? status) : status,
    user_message: userMessage === null ? null : redactor.text(userMessage),
  }
}
