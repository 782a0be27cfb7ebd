import type { Redactor } from '@fastify-scs/core'
import {
  boundedData,
  type DescribedBody,
  type DescribeOptions,
  describeValue,
  isErrorObject,
} from '@fastify-scs/core/kit'
import { Caught } from './caught.js'
import { describeError } from './describe-error.js'
import { NotRecorded } from './not-recorded.js'

/** What is recorded of a value that the application hands over, a thrown one too. Never throws. */
export function describeGiven(
  value: unknown,
  redactor: Redactor,
  options: DescribeOptions,
): DescribedBody {
  try {
    return describe(value, redactor, options)
  } catch {
    // A Proxy whose trap throws, or a revoked one: it is no class of ours, and is described as such.
    return describeValue(value, redactor, options)
  }
}

function describe(value: unknown, redactor: Redactor, options: DescribeOptions): DescribedBody {
  if (value instanceof NotRecorded) return { value: value.marker, isTruncated: true }
  if (value instanceof Caught) {
    const thrown = describeError(value.error, redactor)
    if (value.body === undefined) return boundedData(thrown, options.maxBytes)
    const body = describeGiven(value.body, redactor, options)
    const error = { ...thrown, body: body.value }
    const described = boundedData(error, options.maxBytes)
    return { ...described, isTruncated: described.isTruncated || body.isTruncated }
  }
  if (isErrorObject(value)) return boundedData(describeError(value, redactor), options.maxBytes)
  return describeValue(value, redactor, options)
}
