import { createRecordId } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from '@fastify-scs/store'
import { expect, it, onTestFinished, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'

it('an export whose second page fails breaks off, so that nobody takes it for whole', async () => {
  const app = await buildApp()
  onTestFinished(() => app.close())
  const port = await listen(app)
  for (let made = 0; made < 600; made++)
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
  vi.spyOn(app.scsStore, 'find')
    // The first page is read in two parts, since nothing is known of the size of a record yet.
    .mockImplementationOnce(find)
    .mockImplementationOnce(find)
    .mockRejectedValue(new StoreUnavailableError('memory', 'it is away'))
  const answer = await fetch(`http://127.0.0.1:${port}/_scs/api/export/reports`)
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow('terminated')
})
