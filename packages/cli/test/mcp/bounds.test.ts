import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@fastify-scs/console/read'
import { afterAll, expect, it } from 'vitest'
import { MAX_ITEM_BYTES } from '../../src/mcp/bounds.js'
import { showWith } from '../../src/mcp/marked.js'
import { releaseVerdictTool } from '../../src/mcp/tools/release-verdict.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-mcp-bounds-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the verdict of a release is bounded where the titles and notes of its groups are very long', async () => {
  const url = `sqlite:${join(folder, 'scs.db')}`
  const { store, reader, app, close } = await openStore(url, { readOnly: false })
  const now = Date.now()
  await store.noteRelease('1.0.0', now - 7_200_000)
  await store.noteRelease('1.1.0', now - 3_600_000)
  const seen = { firstSeenAt: now, lastSeenAt: now, canReport: true, occurrences: 5 }
  for (let index = 0; index < 12; index++) {
    // Each of these is nine characters where it is shown.
    const group = { ...seen, fingerprint: `g${index}`, title: '\u200b'.repeat(1_000) }
    await store.countGroups([{ ...group, kind: 'fatal', release: '1.1.0' }], {
      growth: 2,
      quietMs: 60_000,
    })
    const [{ revision = 0 } = {}] = (await store.groups({ fingerprint: group.fingerprint })).items
    const decided = { expected: revision, by: 'ada', at: now, note: '\u200b'.repeat(1_000) }
    await store.changeGroup(group.fingerprint, decided)
  }
  const { redactor } = app.scs
  const asked = { release: '1.1.0' }
  const parts = { reader, redactor, show: showWith(redactor) }
  const { structured } = await releaseVerdictTool.run(asked as never, parts)
  expect(structured).toMatchObject({ computed: { verdict: 'worse', newGroups: 12 } })
  expect(Buffer.byteLength(JSON.stringify(structured))).toBeLessThan(MAX_ITEM_BYTES)
  await close()
})
