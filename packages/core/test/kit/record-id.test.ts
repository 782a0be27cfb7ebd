import { expect, it } from 'vitest'
import { RecordIdMaker } from '../../src/kit/record-id.js'
import { createRecordId } from '../../src/kit.js'

it('an id is a UUID of version 7 that begins with the time', () => {
  const before = Date.now()
  const id = createRecordId()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  expect(time).toBeGreaterThanOrEqual(before)
  expect(time).toBeLessThan(before + 60_000)
})

it('ids are different and in order, within a millisecond and when the clock goes back', () => {
  const maker = new RecordIdMaker()
  const sameMs = Array.from({ length: 20_000 }, () => maker.next(1_700_000_000_000))
  const earlier = Array.from({ length: 100 }, () => maker.next(1_600_000_000_000))
  const ids = [...sameMs, ...earlier, maker.next(1_800_000_000_000)]
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})
