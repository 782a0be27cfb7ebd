import type { ErrorReporterOptions } from '@fastify-scs/error-reporter'
import { expect, it } from 'vitest'
import { boom, buildApp, onlyReport, type TestApp } from './build-app.js'

async function crashOf(reportUser: ErrorReporterOptions['reportUser'] & object): Promise<TestApp> {
  const test = await buildApp({ reporter: { reportUser } })
  test.app.decorateRequest('account', null)
  test.app.addHook('onRequest', async (request) => {
    Object.assign(request, { user: 'ann', account: { name: 'Ann Lee', email: 'ann@shop.test' } })
  })
  test.app.get('/', boom)
  expect((await test.app.inject('/')).statusCode).toBe(500)
  return test
}

const byCore = { id: 'ann', is_auth: 1 }

it('a report shows what the application says of the user, beside what core knows', async () => {
  const test = await crashOf((request) => {
    const { account } = request as unknown as { account: { name: string; email: string } }
    return { id: 42, ...account, language: 'sw' }
  })
  expect((await onlyReport(test)).user).toEqual({
    id: 42,
    is_auth: 1,
    name: 'Ann Lee',
    email: 'ann@shop.test',
    language: 'sw',
    ip: '127.0.0.1',
    forwarded_ip: null,
    user_agent: 'lightMyRequest',
  })
})

it('non-fatal reports show it as well, and those without a request have no user', async () => {
  const test = await buildApp({ reporter: { reportUser: () => ({ name: 'Ann' }) } })
  test.app.get('/', (request) => request.reportError('Oops'))
  await test.app.inject('/')
  test.app.reportError('Outside')
  const reports = await test.reported()
  expect(reports.map(({ report }) => report.user?.name)).toEqual(['Ann', undefined])
  expect(reports[1]?.report.user).toBeNull()
})

it('without an id core’s id is kept; null adds nothing', async () => {
  const named = await onlyReport(await crashOf(() => ({ name: 'Ann', email: null })))
  expect(named.user).toMatchObject({ ...byCore, name: 'Ann', email: null })
  const unnamed = await onlyReport(await crashOf(() => null))
  expect(unnamed.user).toMatchObject(byCore)
  expect(unnamed.user).not.toHaveProperty('name')
})

it('its texts are cut, and secrets in them redacted', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`
  const test = await crashOf(() => ({ name: `Ann ${token}`, language: 'x'.repeat(100_000) }))
  const { user } = await onlyReport(test)
  expect(user?.name).toBe('Ann [redacted]')
  expect(String(user?.language).length).toBeLessThan(3_000)
})

it.each<[string, () => unknown, string]>([
  ['throws', boom, 'secret detail'],
  ['returns a promise', async () => ({ name: 'Ann' }), 'promise'],
  ['rejects', () => Promise.reject(new Error('late')), 'promise'],
  ['returns a text', () => 'Ann', 'it returned a string, not an object'],
  [
    'returns a name that is an object',
    () => ({ name: { first: 'Ann' } }),
    'its field "name" is no text',
  ],
])(
  'one that %s is logged and counted, and the report goes out without',
  async (_how, reportUser, text) => {
    const test = await crashOf(reportUser as never)
    const { user } = await onlyReport(test)
    expect(user).toMatchObject(byCore)
    expect(user).not.toHaveProperty('name')
    expect(test.app.errorReporter.stats().callbackFailures.reportUser).toBe(1)
    const line = test.log.find(({ callback }) => callback === 'reportUser')
    expect(line).toMatchObject({ level: 50, err: { message: expect.stringContaining(text) } })
  },
)

it('an unknown field is logged with the nearest known one; the others are shown', async () => {
  const test = await crashOf(() => ({ name: 'Ann', emial: 'ann@shop.test' }) as never)
  expect((await onlyReport(test)).user).toMatchObject({ ...byCore, name: 'Ann' })
  expect(test.app.errorReporter.stats().callbackFailures.reportUser).toBe(1)
  const line = test.log.find(({ callback }) => callback === 'reportUser')
  expect(line?.err).toMatchObject({ message: 'unknown field "emial"; did you mean "email"?' })
})

it('an option that is not a function is refused', async () => {
  await expect(buildApp({ reporter: { reportUser: 'ann' as never } })).rejects.toThrow(
    "Option reportUser: expected a function, got 'ann'",
  )
})
