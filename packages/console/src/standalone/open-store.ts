import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import storePlugin, { type Store } from '@fastify-scs/store'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { StoreReader } from '../query/store-reader.js'

/** How a store is opened outside of a service. */
export interface OpenStoreOptions {
  /** False for a program that changes something, such as the state of groups. @default true */
  readonly readOnly?: boolean
  /** What audit events of the program have as their source. @default 'console' */
  readonly source?: string
  /** Where audit events of the program go beside the store. @default nowhere */
  readonly audit?: NonNullable<ScsOptions['audit']>
  /** Where failures of the store are logged, as Fastify takes it. @default nowhere */
  readonly logger?: FastifyServerOptions['logger']
  /** A read that takes longer is ended, in milliseconds. @default 5_000 */
  readonly queryTimeoutMs?: number
}

/** A store that another process writes as a rule. */
export interface OpenedStore {
  readonly store: Store
  /** The same store, as the console shows it. */
  readonly reader: StoreReader
  /** Has the store and core, with its redactor and audit log, for further plugins; it does not listen. */
  readonly app: FastifyInstance
  close(): Promise<void>
}

/**
 * Opens a store outside of a service. Nothing is pruned by age or size, and the outbox of the service is left alone. Where the program
 * may change something, audit events that it adds to the app go to the store.
 *
 * @throws what the store throws, such as SCS_STORE_ERR_DRIVER_MISSING and SCS_STORE_ERR_UNAVAILABLE
 */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<OpenedStore> {
  const {
    readOnly = true,
    source = 'console',
    audit = false,
    logger = false,
    queryTimeoutMs,
  } = options
  // Ctrl-C ends a program at once: browsers open connections in advance, which send nothing for a minute.
  const app = Fastify({ logger, forceCloseConnections: true })
  try {
    await app.register(scsPlugin, { source, audit })
    await app.register(storePlugin, {
      url,
      // The SQLite adapter is a dependency of this package.
      resolveFrom: import.meta.url,
      readOnly,
      auditEvents: !readOnly,
      // How long records are kept is for the service to say.
      retentionDays: false,
      routeStatsDays: false,
      maxBytes: false,
      outboxPath: false,
      ...(queryTimeoutMs === undefined ? {} : { queryTimeoutMs }),
    })
  } catch (error) {
    await app.close()
    throw error
  }
  const store = app.scsStore
  return { store, reader: StoreReader.of(store), app, close: () => app.close() }
}
