import type { Redactor } from '@fastify-scs/core'
import { NoStoreError } from '../errors.js'
import type { IntegrationRecord } from '../record.js'
import { Draft } from './draft.js'
import type { IntegrationFilter, IntegrationPage } from './find.js'
import type { Journal } from './journal.js'
import type { RecordStore } from './record-store.js'

const KIND = 'integration_requests'

/** The records that are stored. */
export class Archive {
  readonly #journal: Journal
  readonly #redactor: Redactor

  constructor(journal: Journal, redactor: Redactor) {
    this.#journal = journal
    this.#redactor = redactor
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async find(filter: IntegrationFilter = {}): Promise<IntegrationPage> {
    const page = await this.#storeTo('find them in').find(KIND, this.#asRecorded(filter))
    const items = page.items.map(({ data }) => data as IntegrationRecord)
    return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor }
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async get(id: string): Promise<IntegrationRecord | undefined> {
    const found = await this.#storeTo('get one from').get(KIND, id.toLowerCase())
    return found?.data as IntegrationRecord | undefined
  }

  /** A record to be brought up to date. @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async draft(id: string): Promise<Draft | undefined> {
    const found = await this.#storeTo('get one from').get(KIND, id.toLowerCase())
    if (found === undefined) return undefined
    return new Draft({ ...(found.data as IntegrationRecord) }, found.revision + 1)
  }

  /** @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  async prune(limits: { readonly olderThanDays: number }): Promise<number> {
    return await this.#storeTo('prune').prune({ ...limits, kind: 'integration_requests' })
  }

  // What is searched by was redacted when it was recorded.
  #asRecorded(filter: IntegrationFilter): IntegrationFilter {
    const { requestId, reference } = filter
    const text = (value: string): string => this.#redactor.text(value)
    const { type, id } = reference ?? {}
    return {
      ...filter,
      ...(typeof requestId === 'string' ? { requestId: text(requestId) } : {}),
      ...(reference === undefined
        ? {}
        : {
            reference: {
              ...(typeof type === 'string' ? { type: text(type) } : {}),
              ...(typeof id === 'string' ? { id: text(id) } : {}),
            },
          }),
    }
  }

  #storeTo(action: string): RecordStore {
    const { store } = this.#journal
    if (store === undefined) throw new NoStoreError(action)
    return store
  }
}
