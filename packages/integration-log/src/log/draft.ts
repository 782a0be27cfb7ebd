import type { IntegrationRecord } from '../record.js'

/** A record's fields while they may still change. */
export type DraftFields = {
  -readonly [Field in keyof IntegrationRecord]: IntegrationRecord[Field]
}

/** A record in the making, and how often it was written. Everything in it is redacted. */
export class Draft {
  readonly fields: DraftFields
  /** Of the next version that is written. */
  revision: number
  /** Whether the call was merely observed: its service is not declared. */
  readonly isObserved: boolean

  constructor(fields: DraftFields, revision: number = 0, isObserved: boolean = false) {
    this.fields = fields
    this.revision = revision
    this.isObserved = isObserved
  }

  /** The record as it is now. */
  record(): IntegrationRecord {
    return { ...this.fields, modifiedAt: new Date().toISOString() }
  }
}

/** The fields of a record of which nothing is known but where it begins. */
export function emptyFields(id: string, createdAt: number, service: string): DraftFields {
  const at = new Date(createdAt).toISOString()
  return {
    id,
    createdAt: at,
    modifiedAt: at,
    service,
    isRemoteRequest: true,
    description: null,
    requestId: null,
    key: null,
    remoteId: null,
    owner: null,
    route: null,
    status: 'Queued',
    method: null,
    url: null,
    requestHeaders: null,
    data: null,
    responseHeaders: null,
    output: null,
    error: null,
    statusCode: null,
    durationMs: null,
    reference: null,
    truncated: false,
    retryOf: null,
    traceId: null,
  }
}
