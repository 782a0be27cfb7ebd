import { coded } from '@fastify-scs/core/kit/plain'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_STORE_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The URL cannot be read, or names no store that is known: the URL without its password, and the reason. */
export const UrlError = coded(
  'SCS_STORE_ERR_URL',
  'The store URL %s cannot be used: %s',
  "Write 'sqlite:./scs.db', 'postgres://user@host/database' or 'memory:'.",
)

/** The package of the adapter that a URL asks for is not installed: the URL, and the package twice. */
export const AdapterMissingError = coded(
  'SCS_STORE_ERR_ADAPTER_MISSING',
  'The store URL %s needs the package %s: npm install %s; in a bundle, set the option adapter in place of the URL',
  'Install the package beside @fastify-scs/store, or pass a ready adapter as "adapter".',
)

/** No driver for the database is installed: the engine, and what to do. */
export const DriverMissingError = coded(
  'SCS_STORE_ERR_DRIVER_MISSING',
  'The %s store finds no driver: %s',
  'Do what the message says: install the driver it names, or run a newer Node.',
)

/** The module of an adapter's worker threads is not where it should be: the engine, and the place. */
export const WorkerMissingError = coded(
  'SCS_STORE_ERR_WORKER_MISSING',
  'The %s store does not find the module of its worker threads at %s: set the option workerUrl of the adapter',
  "A bundler does not copy it: build '@fastify-scs/store-sqlite/worker' as an entry of its own, and name its file with the adapter's option workerUrl.",
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_STORE_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/store is already registered in this context or one above it',
  'Register it once, in the outermost context that needs it.',
)

/** The database cannot be reached, is locked or is full; the same call may work later: the engine, and the reason. */
export const StoreUnavailableError = coded(
  'SCS_STORE_ERR_UNAVAILABLE',
  'The %s store is not available: %s',
  "Start the database, free its disk or end what locks it; with startup: 'wait' the application starts without it.",
  503,
)

/** The process, or the user of the database, lacks a right: the engine, and the reason. */
export const PermissionError = coded(
  'SCS_STORE_ERR_PERMISSION',
  'The %s store lacks a permission: %s',
  'Give the user of the process, or of the database, the right that the message names.',
)

/** The file or database is damaged, or belongs to something else: the engine, the place and the reason. */
export const NotAStoreError = coded(
  'SCS_STORE_ERR_NOT_A_STORE',
  'The %s store cannot use %s: %s',
  "Name another file or database; this one is damaged, or was made by something else. With the adapter's option onDamaged: 'keepAside' a damaged SQLite file is renamed and a new one begun.",
)

/** A newer version of the package made the schema: the engine, the schema's version and the highest one that is known. */
export const SchemaTooNewError = coded(
  'SCS_STORE_ERR_SCHEMA_TOO_NEW',
  'The %s store has schema version %s, and this version of the package knows up to %s',
  'Update the package to the version that made the schema, or name another database.',
)

/** What a record says cannot be stored; the same call never works: the engine, and the reason. */
export const RecordRefusedError = coded(
  'SCS_STORE_ERR_RECORD_REFUSED',
  'The %s store refuses a record: %s',
  'The record is kept with the dead letters, with this reason; correct what makes it.',
)

/** A filter has a wrong field: the field, what was expected, what was found. */
export const FilterError = coded(
  'SCS_STORE_ERR_FILTER',
  'Filter field %s: expected %s, got %s',
  'Correct the field; a cursor is only good for the call that continues its page.',
  400,
)

/** A read took longer than it may: the engine, and the limit in milliseconds. */
export const QueryTimeoutError = coded(
  'SCS_STORE_ERR_QUERY_TIMEOUT',
  'The %s store ended a query after %s ms',
  'Ask for a shorter span of time, or for a field that has an index; or raise queryTimeoutMs.',
  503,
)

/** The store was opened for reading only: what was to be done. */
export const ReadOnlyError = coded(
  'SCS_STORE_ERR_READ_ONLY',
  'The store was opened with readOnly, which does not allow to %s',
  'Register the store without readOnly where something is to be written.',
  409,
)
