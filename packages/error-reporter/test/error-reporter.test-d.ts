import errorReporter, {
  type CrashReport,
  type Delivery,
  type ErrorReporter,
  emailReporter,
  type StoredReport,
  slackReporter,
} from '@fastify-scs/error-reporter'
import type { FoundRecord } from '@fastify-scs/store'
import Fastify from 'fastify'
import { createTransport } from 'nodemailer'
import { expectTypeOf, it } from 'vitest'

const app = Fastify()

it('a reporter takes as many of its arguments as it likes', () => {
  expectTypeOf((_title: string) => undefined).toExtend<ErrorReporter>()
  expectTypeOf(async (_title: string, _message: string) => undefined).toExtend<ErrorReporter>()
  expectTypeOf<ErrorReporter>().parameter(2).toEqualTypeOf<CrashReport>()
})

it('the app and the request report, and give the id', () => {
  expectTypeOf(app.reportError).returns.toEqualTypeOf<string | undefined>()
  app.get('/', (request) => request.reportError('Oops', { caught: 7, data: {}, fatal: true }))
  // @ts-expect-error a title is needed
  app.reportError()
  // @ts-expect-error no such option
  app.reportError('x', { caugth: 7 })
})

it('options are checked, and a nodemailer transport is one', () => {
  void app.register(errorReporter, { ignore: { classes: [TypeError] }, delivery: { retries: 1 } })
  emailReporter(createTransport({}), { from: 'a', to: ['b'] })
  // @ts-expect-error no such option
  void app.register(errorReporter, { reporter: () => undefined })
})

it('a reporter gets the thrown value, and an application says what of the user is shown', () => {
  expectTypeOf<Delivery['error']>().toBeUnknown()
  void app.register(errorReporter, {
    errorReporter: slackReporter({ url: process.env.SLACK_URL }),
    reportUser: (request) => ({ id: 7, name: request.ip, email: null, language: 'sw' }),
  })
  // @ts-expect-error a promise comes too late
  void app.register(errorReporter, { reportUser: async () => ({ name: 'Ann' }) })
})

it('stored reports are typed', async () => {
  const [report] = (await app.scsStore.find('reports', { remoteId: 'id' })).items
  expectTypeOf(report?.data).toEqualTypeOf<StoredReport | undefined>()
  expectTypeOf(report?.data.response?.status).toEqualTypeOf<number | undefined>()
  expectTypeOf(report).toExtend<FoundRecord | undefined>()
  // @ts-expect-error a store that is short of room has dropped them
  void report?.data.facts.queries
})
