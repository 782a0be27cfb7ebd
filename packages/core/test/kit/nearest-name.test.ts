import scsPlugin from '@fastify-scs/core'
import { nearestName } from '@fastify-scs/core/kit'
import Fastify from 'fastify'
import { expect, it } from 'vitest'

it.each<[string, readonly string[], string | undefined]>([
  ['refernce', ['url', 'reference', 'method'], 'reference'],
  ['ouput', ['output', 'data'], 'output'],
  ['detials', ['id', 'details', 'cause'], 'details'],
  ['paymnts', ['stripe', 'payments'], 'payments'],
  ['status_code', ['status', 'statusCode'], 'statusCode'],
  ['RequestID', ['requestId', 'requestHeaders'], 'requestId'],
  ['desc', ['details', 'description'], 'description'],
  ['format', ['source', 'errorFormat'], 'errorFormat'],
  ['ms', ['maxMs', 'items'], undefined],
  ['maxMillis', ['maxMs', 'stuckAfterMs'], undefined],
  ['di', ['id'], 'id'],
  ['x', ['id', 'y'], undefined],
  ['colour', ['id', 'details', 'cause'], undefined],
  ['', ['id'], undefined],
  ['__proto__', ['id'], undefined],
])('the nearest name to %s of %j is %s', (given, known, nearest) => {
  expect(nearestName(given, known)).toBe(nearest)
})

it('the first of two names that are as near wins', () => {
  expect(nearestName('dat', ['date', 'data'])).toBe('date')
  expect(nearestName('dat', ['data', 'date'])).toBe('data')
})

it('a name of any length is answered at once', () => {
  expect(nearestName('status'.repeat(1_000_000), ['status'])).toBeUndefined()
})

it('an unknown option is refused with the nearest one that there is', async () => {
  const app = Fastify()
  app.register(scsPlugin, { errorFromat: 'scs' } as never)
  await expect(app.ready()).rejects.toMatchObject({
    message: `Option errorFromat: expected no such option, got 'scs'; did you mean "errorFormat"?`,
  })
})

it('so is an unknown one within an option, by the names that stand there', async () => {
  const app = Fastify()
  app.register(scsPlugin, { audit: { file: { path: 'a', backupcount: 3 } } } as never)
  await expect(app.ready()).rejects.toMatchObject({
    message:
      'Option audit.file.backupcount: expected no such option, got 3; did you mean "backupCount"?',
  })
})
