import { abort } from '@fastify-scs/core'
import { isOwnCall, runAsOwnCall } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const errorId = '0191d2f0-0000-7000-8000-000000000001'

it('an observer gives a failure the id of its report: in the body, the header and the log line', async () => {
  for (const errorFormat of ['pymacaron', 'problem', 'scs'] as const) {
    const { app, log } = await buildApp({ errorFormat })
    const seen: unknown[] = []
    const end = app.scs.observeFailures((failure, request) => {
      seen.push([failure.status, request.url])
      return failure.status === 403 ? { errorId } : undefined
    })
    app.get('/', () => abort(403))
    const answer = await app.inject('/')
    expect(answer.headers['x-error-id']).toBe(errorId)
    if (errorFormat !== 'scs') expect(answer.json().error_id).toBe(errorId)
    expect(failureLines(log)[0]).toMatchObject({ errorId, id: 'unauthorized' })
    expect((await app.inject('/nowhere')).headers['x-error-id']).toBeUndefined()
    end()
    expect((await app.inject('/')).headers['x-error-id']).toBeUndefined()
    expect(seen).toEqual([
      [403, '/'],
      [404, '/nowhere'],
    ])
  }
})

it('each answer shows its own id, though the rest of the body is the same', async () => {
  for (const errorFormat of ['pymacaron', 'problem'] as const) {
    const { app } = await buildApp({ errorFormat })
    let count = 0
    app.scs.observeFailures(() => ({ errorId: `error-${++count}` }))
    app.get('/', () => abort(403))
    for (const id of ['error-1', 'error-2']) {
      expect((await app.inject('/')).json().error_id).toBe(id)
    }
  }
})

it('an observer that throws is logged and counted, and the answer is made without it', async () => {
  const { app } = await buildApp()
  app.scs.observeFailures(() => {
    throw new Error('observer broke')
  })
  app.get('/', () => abort(403))
  expect((await app.inject('/')).json().error.id).toBe('unauthorized')
  expect(app.scs.stats().callbackFailures.failureObserver).toBe(1)
})

it('plugins tell what they know of a request; one that throws is left out and counted', async () => {
  const { app } = await buildApp()
  app.scs.requestFacts.add('color', () => 'green')
  app.scs.requestFacts.add('nothing', () => undefined)
  app.scs.requestFacts.add('broken', () => {
    throw new Error('provider broke')
  })
  const end = app.scs.requestFacts.add('url', (request) => request.url)
  app.get('/', (request) => {
    const before = app.scs.requestFacts.of(request)
    end()
    return [before, app.scs.requestFacts.of(request)]
  })
  expect((await app.inject('/')).json()).toEqual([{ color: 'green', url: '/' }, { color: 'green' }])
  expect(app.scs.stats().callbackFailures.requestFact).toBe(2)
})

it('a plugin’s own outbound call is known in all that it runs, and nowhere else', async () => {
  const later = runAsOwnCall(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return isOwnCall()
  })
  expect(isOwnCall()).toBe(false)
  expect(await later).toBe(true)
})
