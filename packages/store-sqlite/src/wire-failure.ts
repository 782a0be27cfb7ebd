import {
  DriverMissingError,
  FilterError,
  NotAStoreError,
  PermissionError,
  RecordRefusedError,
  SchemaTooNewError,
  StoreUnavailableError,
  UrlError,
} from '@fastify-scs/store/adapter'
import { ENGINE } from './engine.js'
import type { WireFailure } from './protocol.js'

const MAKERS: Readonly<Record<string, () => Error>> = {
  SCS_STORE_ERR_DRIVER_MISSING: () => new DriverMissingError(ENGINE, ''),
  SCS_STORE_ERR_FILTER: () => new FilterError('', '', ''),
  SCS_STORE_ERR_NOT_A_STORE: () => new NotAStoreError(ENGINE, '', ''),
  SCS_STORE_ERR_PERMISSION: () => new PermissionError(ENGINE, ''),
  SCS_STORE_ERR_RECORD_REFUSED: () => new RecordRefusedError(ENGINE, ''),
  SCS_STORE_ERR_SCHEMA_TOO_NEW: () => new SchemaTooNewError(ENGINE, 0, 0),
  SCS_STORE_ERR_URL: () => new UrlError('', ''),
}

/** A coded error as a worker sends it. */
export function toWire(error: Error): WireFailure {
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** The coded error that a worker sent. */
export function fromWire({ code, message }: WireFailure): Error {
  const make = MAKERS[code] ?? (() => new StoreUnavailableError(ENGINE, ''))
  return Object.assign(make(), { message })
}
