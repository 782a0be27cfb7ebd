import createError, { type FastifyErrorConstructor } from '@fastify/error'
import type { CodedError } from '@fastify-scs/core'

/** The codes of the errors that a store throws. */
export type StoreErrorCode =
  | 'SCS_STORE_ERR_OPTIONS'
  | 'SCS_STORE_ERR_URL'
  | 'SCS_STORE_ERR_ADAPTER_MISSING'
  | 'SCS_STORE_ERR_DRIVER_MISSING'
  | 'SCS_STORE_ERR_WORKER_MISSING'
  | 'SCS_STORE_ERR_ALREADY_REGISTERED'
  | 'SCS_STORE_ERR_UNAVAILABLE'
  | 'SCS_STORE_ERR_PERMISSION'
  | 'SCS_STORE_ERR_NOT_A_STORE'
  | 'SCS_STORE_ERR_SCHEMA_TOO_NEW'
  | 'SCS_STORE_ERR_RECORD_REFUSED'
  | 'SCS_STORE_ERR_FILTER'

/** Every error that a store throws, by code. */
export const errorCatalog: Readonly<Record<StoreErrorCode, CodedError>> = {
  SCS_STORE_ERR_OPTIONS: {
    message: 'Option %s: expected %s, got %s',
    fix: 'Correct the option; its path and what was expected are in the message.',
  },
  SCS_STORE_ERR_URL: {
    message: 'The store URL %s cannot be used: %s',
    fix: "Write 'sqlite:./scs.db', 'postgres://user@host/database' or 'memory:'.",
  },
  SCS_STORE_ERR_ADAPTER_MISSING: {
    message: 'The store URL %s needs the package %s: npm install %s',
    fix: 'Install the package beside @fastify-scs/store, or pass a ready adapter as "adapter".',
  },
  SCS_STORE_ERR_DRIVER_MISSING: {
    message: 'The %s store finds no driver: %s',
    fix: 'Do what the message says: install the driver it names, or run a newer Node.',
  },
  SCS_STORE_ERR_WORKER_MISSING: {
    message:
      'The %s store does not find the module of its worker threads at %s: set the option workerUrl of the adapter',
    fix: "A bundler does not copy it: build '@fastify-scs/store-sqlite/worker' as an entry of its own, and name its file with the adapter's option workerUrl.",
  },
  SCS_STORE_ERR_ALREADY_REGISTERED: {
    message: 'The plugin @fastify-scs/store is already registered in this context or one above it',
    fix: 'Register it once, in the outermost context that needs it.',
  },
  SCS_STORE_ERR_UNAVAILABLE: {
    message: 'The %s store is not available: %s',
    fix: "Start the database, free its disk or end what locks it; with startup: 'wait' the application starts without it.",
  },
  SCS_STORE_ERR_PERMISSION: {
    message: 'The %s store may not do what it needs: %s',
    fix: 'Give the user of the process, or of the database, the right that the message names.',
  },
  SCS_STORE_ERR_NOT_A_STORE: {
    message: 'The %s store cannot use %s: %s',
    fix: "Name another file or database; this one is damaged, or was made by something else. With the adapter's option onDamaged: 'keepAside' a damaged SQLite file is renamed and a new one begun.",
  },
  SCS_STORE_ERR_SCHEMA_TOO_NEW: {
    message: 'The %s store has schema version %s, and this version of the package knows up to %s',
    fix: 'Update the package to the version that made the schema, or name another database.',
  },
  SCS_STORE_ERR_RECORD_REFUSED: {
    message: 'The %s store refuses a record: %s',
    fix: 'The record is kept with the dead letters, with this reason; correct what makes it.',
  },
  SCS_STORE_ERR_FILTER: {
    message: 'Filter field %s: expected %s, got %s',
    fix: 'Correct the field; a cursor is only good for the call that continues its page.',
  },
}

type WithCause<Args extends unknown[]> = [...Args, detail?: { readonly cause: unknown }]

type Coded<Code extends StoreErrorCode, Args extends unknown[]> = FastifyErrorConstructor<
  { code: Code },
  WithCause<Args>
>

function coded<Code extends StoreErrorCode, Args extends unknown[]>(
  code: Code,
  statusCode = 500,
): Coded<Code, Args> {
  return createError<Code, WithCause<Args>>(code, errorCatalog[code].message, statusCode)
}

/** An option has a wrong value. */
export const OptionsError: Coded<
  'SCS_STORE_ERR_OPTIONS',
  [path: string, expected: string, found: string]
> = coded('SCS_STORE_ERR_OPTIONS')

/** The URL cannot be read, or names no store that is known; it is shown without its password. */
export const UrlError: Coded<'SCS_STORE_ERR_URL', [url: string, reason: string]> =
  coded('SCS_STORE_ERR_URL')

/** The package of the adapter that a URL asks for is not installed. */
export const AdapterMissingError: Coded<
  'SCS_STORE_ERR_ADAPTER_MISSING',
  [url: string, packageName: string, install: string]
> = coded('SCS_STORE_ERR_ADAPTER_MISSING')

/** No driver for the database is there. */
export const DriverMissingError: Coded<
  'SCS_STORE_ERR_DRIVER_MISSING',
  [engine: string, whatToDo: string]
> = coded('SCS_STORE_ERR_DRIVER_MISSING')

/** The module of an adapter's worker threads is not where it should be. */
export const WorkerMissingError: Coded<
  'SCS_STORE_ERR_WORKER_MISSING',
  [engine: string, place: string]
> = coded('SCS_STORE_ERR_WORKER_MISSING')

/** The plugin was registered a second time. */
export const AlreadyRegisteredError: Coded<'SCS_STORE_ERR_ALREADY_REGISTERED', []> = coded(
  'SCS_STORE_ERR_ALREADY_REGISTERED',
)

/** The database cannot be reached, is locked or is full; the same call may work later. */
export const StoreUnavailableError: Coded<
  'SCS_STORE_ERR_UNAVAILABLE',
  [engine: string, reason: string]
> = coded('SCS_STORE_ERR_UNAVAILABLE', 503)

/** The process, or the user of the database, lacks a right. */
export const PermissionError: Coded<'SCS_STORE_ERR_PERMISSION', [engine: string, reason: string]> =
  coded('SCS_STORE_ERR_PERMISSION')

/** The file or database is damaged, or is none of this package's. */
export const NotAStoreError: Coded<
  'SCS_STORE_ERR_NOT_A_STORE',
  [engine: string, place: string, reason: string]
> = coded('SCS_STORE_ERR_NOT_A_STORE')

/** The schema was made by a newer version of the package. */
export const SchemaTooNewError: Coded<
  'SCS_STORE_ERR_SCHEMA_TOO_NEW',
  [engine: string, found: number, known: number]
> = coded('SCS_STORE_ERR_SCHEMA_TOO_NEW')

/** What a record says cannot be kept; the same call never works. */
export const RecordRefusedError: Coded<
  'SCS_STORE_ERR_RECORD_REFUSED',
  [engine: string, reason: string]
> = coded('SCS_STORE_ERR_RECORD_REFUSED')

/** A filter has a wrong field. */
export const FilterError: Coded<
  'SCS_STORE_ERR_FILTER',
  [field: string, expected: string, found: string]
> = coded('SCS_STORE_ERR_FILTER', 400)
