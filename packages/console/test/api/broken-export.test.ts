import { createRecordId } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from '@fastify-scs/store'
import { expect, it, onTestFinished, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'

it('an export that fails half-way breaks off, so that nobody takes it for whole', async () => {
  const app = await buildApp()
  onTestFinished(() => app.close())
  const port = await listen(app)
  for (let made = 0; made < 1_200; made++)
    app.scsStore.write({
      kind: 'reports',
      id: createRecordId(),
      createdAt: Date.now(),
      revision: 0,
      keys: { service: 'orders', status: 'fatal' },
      data: { title: 'a report' },
      importance: 'normal',
    })
  const find = app.scsStore.find
  let found = 0
  vi.spyOn(app.scsStore, 'find').mockImplementation(async (kind, filter) => {
    // The first page of an export has 500 records.
    if (found > 600) throw new StoreUnavailableError('memory', 'it is away')
    const page = await find(kind, filter)
    found += page.items.length
    return page
  })
  const answer = await fetch(`http://127.0.0.1:${port}/_scs/api/export/reports`)
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow('terminated')
})
