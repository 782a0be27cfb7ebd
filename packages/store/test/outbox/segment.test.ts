import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sample } from '../../src/contract/index.js'
import { OutboxSegment } from '../../src/outbox/segment.js'
import { newFolder } from '../build-store.js'

it('what is written behind an incomplete line is read back whole', () => {
  const path = join(newFolder(), 'records.ndjson')
  const [before, after] = [sample(), sample()]
  writeFileSync(path, `${JSON.stringify(before)}\n{"kind":"rep`, { mode: 0o600 })
  const segment = new OutboxSegment(path)
  segment.append(`${JSON.stringify(after)}\n`, 1, false)
  expect(segment.read(10)).toEqual([before, after])
  expect(segment.torn).toBe(1)
  segment.remove()
})
