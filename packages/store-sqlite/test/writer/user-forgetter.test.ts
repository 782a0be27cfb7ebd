import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { buildApp, numbered } from '../build-app.js'
import { connect, newPath } from '../processes.js'

// Real files and threads, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** A word that no other record has. */
const CANARY = 'Zanzibarcanary'

/** Which of the file's own files have a text, in whatever case. */
function filesWith(path: string, text: string): string[] {
  return ['', '-wal']
    .map((end) => `${path}${end}`)
    .filter((file) => existsSync(file))
    .filter((file) => readFileSync(file, 'latin1').toLowerCase().includes(text.toLowerCase()))
}

async function filled(path: string, searchBodies: boolean) {
  const app = await buildApp(path, { searchBodies, maxBytes: false })
  const { scsStore } = app
  for (let batch = 0; batch < 20; batch++) {
    for (const [index, record] of numbered(100, batch * 100, 'x'.repeat(batch * 300)).entries()) {
      const output = `number ${batch * 100 + index}`
      scsStore.write({ ...record, data: { ...record.data, output } })
      const keys = { ...record.keys, user: 'ada' }
      if (index % 10 !== 0) continue
      const id = record.id.replace(/^./, 'f')
      const said = `${CANARY} ${'y'.repeat(index * 200)}`
      scsStore.write({ ...record, id, keys, data: { output: said, url: CANARY } })
      const summary = `${CANARY} did it`
      const event = { ...keys, user: CANARY, summary }
      scsStore.write({
        ...record,
        kind: 'audit_events',
        id,
        keys: event,
        data: { message: summary },
      })
    }
    expect(await scsStore.flush()).toBe(true)
  }
  return scsStore
}

describe('forgetting a user', () => {
  for (const searchBodies of [false, true]) {
    it(`leaves nothing in the pages and the log of the file${searchBodies ? ', nor in the index of words' : ''}`, async () => {
      const path = newPath()
      const store = await filled(path, searchBodies)
      expect(filesWith(path, CANARY)).not.toEqual([])
      const { removed } = await store.forgetUser('ada')
      expect(removed.integration_requests).toBe(200)
      const { anonymised } = await store.forgetUser(CANARY)
      expect(anonymised).toBe(200)
      expect(filesWith(path, CANARY)).toEqual([])
      const check = connect(path).prepare('PRAGMA integrity_check').get()
      expect(check).toEqual({ integrity_check: 'ok' })
      expect((await store.stats()).stored?.records.integration_requests).toBe(2_000)
    })
  }

  it('lets what is written meanwhile have its turn', async () => {
    const path = newPath()
    const app = await buildApp(path, { maxBytes: false })
    const keys = { user: 'ada' }
    for (const record of numbered(5_000)) app.scsStore.write({ ...record, keys })
    await app.scsStore.flush()
    let stored = 0
    const { removed } = await app.scsStore.forgetUser('ada', {
      onProgress: () => {
        for (const record of numbered(1)) app.scsStore.write(record)
        void app.scsStore.flush().then((isStored) => {
          stored += Number(isStored)
        })
      },
    })
    expect(removed.integration_requests).toBe(5_000)
    expect(stored).toBeGreaterThan(5)
  })
})
