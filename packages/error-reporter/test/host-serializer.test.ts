import { expect, it } from 'vitest'
import { buildApp } from './build-app.js'

it('a host’s own serializer for errors gets an Error, also when a reporter fails', async () => {
  const seen: unknown[] = []
  const serializers = {
    err: (error: Error) => {
      seen.push(error)
      return { type: 'own', message: 'own', stack: '' }
    },
  }
  class Refused extends Error {}
  const test = await buildApp({
    server: { logger: { level: 'info', stream: { write: () => undefined }, serializers } },
    reporter: {
      errorReporter: () => {
        throw Object.assign(new Refused('password=hunter2'), { isFinal: true })
      },
    },
  })
  test.app.reportError('Oops')
  await test.reported()
  expect(seen).toHaveLength(1)
  expect(seen[0]).toBeInstanceOf(Refused)
  expect(String(seen[0])).toBe('Error: password=[redacted]')
  await test.app.close()
})
