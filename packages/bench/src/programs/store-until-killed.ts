import { openSync, writeSync } from 'node:fs'
import type { StoreOptions } from '@fastify-scs/store'
import { newIntegrationRequest } from '../store/integration-request.js'
import { startedStore } from './started-store.js'

const RECORDS_PER_MS = 1

/**
 * A host that writes 1,000 records a second until it is killed: `<path of the store> <path of the journal> <durability>`. The
 * journal says when each record was written, before it is.
 */
const [, , path = '', journalPath = '', durability = 'default'] = process.argv
const journal = openSync(journalPath, 'a')
const store = await startedStore({
  url: `sqlite:${path}`,
  durability: durability as NonNullable<StoreOptions['durability']>,
})
const startMs = performance.now()
let made = 0
setInterval(() => {
  const due = Math.floor((performance.now() - startMs) * RECORDS_PER_MS)
  for (; made < due; made += 1) {
    const record = newIntegrationRequest()
    writeSync(journal, `${record.id} ${performance.now()}\n`)
    store.write(record)
  }
}, 1)
process.send?.('ready')
