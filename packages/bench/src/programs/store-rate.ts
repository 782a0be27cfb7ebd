import { join } from 'node:path'
import { newIntegrationRequests } from '../store/integration-request.js'
import { answerRequests } from './answer-requests.js'
import { feedStore, rateOf, startedStore, temporaryFolder } from './started-store.js'

const [place = '', batchRecords = '100', turnRecords = '20000'] = process.argv.slice(2)
const folder = temporaryFolder()
const store = await startedStore({
  url: place === 'sqlite' ? `sqlite:${join(folder, 'scs.db')}` : place,
  batchRecords: Number(batchRecords),
  outboxPath: join(folder, 'outbox'),
})

await answerRequests({
  turn: async () => {
    const records = newIntegrationRequests(Number(turnRecords))
    const sample = await rateOf(records.length, () => feedStore(store, records))
    const { shed, shedBodies, deadLettered } = await store.stats()
    const lost = [shed, shedBodies].flatMap((counts) => Object.values(counts))
    if (Math.max(deadLettered, ...lost) > 0) throw new Error('The store has shed records')
    return sample
  },
})
