import type { ErrorFormatName } from '../answer/error-format.js'
import { mayBeLeftOut } from '../errors/details-schema.js'
import type { Schema } from './api-document.js'
import type { DocumentedError } from './route-responses.js'

/** A field of an error body that says which error it is. */
export function markOf(format: ErrorFormatName, error: DocumentedError): string {
  return format === 'pymacaron' ? error.code : error.id
}

const TEXT: Schema = { type: 'string' }

/** What a validation error says of each wrong value. */
const VALIDATION: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['path', 'message'],
    properties: { path: TEXT, message: TEXT },
  },
}

/** The names of the components for a body that may be any error of a format. */
export const GENERAL_NAMES: Readonly<Record<ErrorFormatName, string>> = {
  scs: 'ScsError',
  pymacaron: 'PymacaronError',
  problem: 'Problem',
}

/** The schema of any error in a format. */
export function generalSchema(format: ErrorFormatName): Schema {
  return makeBody(format, { mark: TEXT, status: { type: 'integer' }, isAny: true })
}

/** The schema of one error in a format: the field that clients match on has one value, so that a union of these can be told apart. */
export function schemaOfError(format: ErrorFormatName, error: DocumentedError): Schema {
  const { status, details, isValidation } = error
  return makeBody(format, {
    mark: { type: 'string', enum: [markOf(format, error)] },
    status: { type: 'integer', enum: [status] },
    details: isValidation ? VALIDATION : (details as unknown as Schema | undefined),
    // A body that cannot be read has the same id as one with wrong values, and no details.
    isDetailed: details !== undefined && !isValidation && !mayBeLeftOut(details),
    isValidation,
  })
}

interface Parts {
  readonly mark: Schema
  readonly status: Schema
  readonly details?: Schema | undefined
  readonly isDetailed?: boolean
  readonly isValidation?: boolean
  /** Whether it may be any error: with wrong values, or with other details. */
  readonly isAny?: boolean
}

function makeBody(format: ErrorFormatName, parts: Parts): Schema {
  const { mark, status, details = {}, isDetailed = false } = parts
  const detailed = (name: string): string[] => (isDetailed ? [name] : [])
  switch (format) {
    case 'scs': {
      const fields = { id: mark, message: TEXT, details }
      const error = objectOf(fields, ['id', 'message', ...detailed('details')])
      return objectOf({ error }, ['error'])
    }
    case 'pymacaron':
      return objectOf(
        {
          error: mark,
          error_description: TEXT,
          user_message: TEXT,
          status,
          error_id: TEXT,
          error_details: details,
        },
        ['error', 'error_description', 'status', ...detailed('error_details')],
      )
    case 'problem': {
      const fields = {
        type: { type: 'string', format: 'uri-reference' },
        title: TEXT,
        status,
        detail: TEXT,
        instance: { type: 'string', format: 'uri-reference' },
        id: mark,
        error_id: TEXT,
      }
      const required = ['type', 'title', 'status', 'detail', 'instance', 'id']
      if (parts.isAny) return objectOf({ ...fields, errors: VALIDATION, details }, required)
      return parts.isValidation
        ? objectOf({ ...fields, errors: details }, required)
        : objectOf({ ...fields, details }, [...required, ...detailed('details')])
    }
  }
}

function objectOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema {
  return { type: 'object', required, properties }
}
