import { type ErrorFormat, resolveErrorFormat } from '../answer/error-format.js'
import type { ResolvedScsOptions } from '../options.js'
import type { Schema } from './api-document.js'
import type { BodyForms } from './document-errors.js'

/** What can be said of the error bodies that the options lead to. */
export function bodyFormsOf(
  options: Pick<ResolvedScsOptions, 'errorFormat' | 'errorDecorator' | 'errorSchema'>,
  problem: ErrorFormat,
): BodyForms {
  const { errorFormat, errorDecorator, errorSchema } = options
  const isKnown = typeof errorFormat !== 'function' && errorDecorator === undefined
  return {
    chosen: isKnown
      ? { name: errorFormat, format: resolveErrorFormat(errorFormat, problem) }
      : undefined,
    mediaType: errorFormat === 'problem' ? 'application/problem+json' : 'application/json',
    ownSchema: errorSchema as Schema | undefined,
    problem: errorDecorator === undefined ? problem : undefined,
  }
}
