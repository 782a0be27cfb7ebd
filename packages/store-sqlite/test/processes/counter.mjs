// An instance that counts a group, one occurrence at a time, once it reads a line: `node counter.mjs <path> <calls>`.
// Its last line has the streaks that it was to report.
import { once } from 'node:events'
import { SqliteStore } from '@fastify-scs/store-sqlite'

const [, , path, calls] = process.argv
const store = new SqliteStore({ path, busyTimeoutMs: 30_000 })
await store.open()
// All of them begin at once.
console.log('ready')
await once(process.stdin, 'data')
const due = []
for (let call = 0; call < Number(calls); call++) {
  const now = Date.now()
  const seen = { fingerprint: 'f', occurrences: 1, firstSeenAt: now, lastSeenAt: now }
  const rules = { growth: 2, quietMs: 3_600_000 }
  const [state] = await store.countGroups([{ ...seen, canReport: true }], rules)
  if (state.isDue) due.push(state.streak)
}
await store.close()
console.log(JSON.stringify(due))
process.exit(0)
