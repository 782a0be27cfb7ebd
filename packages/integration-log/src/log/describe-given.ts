import {
  boundedData,
  type DescribedBody,
  type DescribeOptions,
  describeValue,
  type Redactor,
} from '@fastify-scs/core'
import { describeError } from './describe-error.js'
import { NotRecorded } from './not-recorded.js'

/** What is recorded of a value that the application hands over, a thrown one too. Never throws. */
export function describeGiven(
  value: unknown,
  redactor: Redactor,
  options: DescribeOptions,
): DescribedBody {
  if (value instanceof NotRecorded) return { value: value.marker, isTruncated: true }
  if (value instanceof Error) return boundedData(describeError(value, redactor), options.maxBytes)
  return describeValue(value, redactor, options)
}
