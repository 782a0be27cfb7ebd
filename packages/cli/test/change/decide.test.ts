import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@fastify-scs/console/read'
import type { Store } from '@fastify-scs/store'
import { afterAll, expect, it } from 'vitest'
import { decide } from '../../src/change/decide.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-cli-decide-'))
const url = `sqlite:${join(folder, 'scs.db')}`
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('changes nothing where somebody else has changed the group since it was read', async () => {
  const own = await openStore(url, { readOnly: false })
  const other = await openStore(url, { readOnly: false })
  const seen = { firstSeenAt: Date.now(), lastSeenAt: Date.now(), canReport: true, occurrences: 1 }
  await own.store.countGroups([{ ...seen, fingerprint: 'a', title: 'a' }], {
    growth: 2,
    quietMs: 60_000,
  })
  /** The other one is faster: it changes the group right after it was read. */
  const groups: Store['groups'] = async (query) => {
    const read = await own.store.groups(query)
    const expected = read.items[0]?.revision ?? 0
    await other.store.changeGroup('a', {
      ...{ expected, by: 'bob', at: Date.now(), assignee: 'bob' },
    })
    return read
  }
  const opened = { ...own, store: { ...own.store, groups } }
  await expect(decide(opened, 'a', { status: 'resolved' })).rejects.toMatchObject({
    code: 'SCS_CLI_ERR_CHANGED_MEANWHILE',
  })
  const [group] = (await other.store.groups({ fingerprint: 'a' })).items
  expect(group).toMatchObject({ status: 'open', assignee: 'bob', changedBy: 'bob' })
  expect((await own.store.find('audit_events')).items).toEqual([])
  await own.close()
  await other.close()
})
