import scsPlugin, { ServiceError } from '@fastify-scs/core'
import { formatGraphqlErrors } from '@fastify-scs/core/mercurius'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { GraphQLError } from 'graphql'
import mercurius, { type MercuriusOptions } from 'mercurius'
import { expect, it, onTestFinished } from 'vitest'

class InvalidUserError extends ServiceError {
  static override code = 'INVALID_USER'
  static override status = 401
}

const schema = `
  type Item { price: Int }
  type Query {
    ok: String
    bug: String
    needed: String!
    soldOut: String
    user: String
    own: String
    coerced: Int
    items: [Item]
  }`

interface Service {
  readonly app: FastifyInstance
  readonly reports: CrashReport[]
  ask(body: unknown): Promise<{ status: number; type: string | null; body: unknown }>
}

async function service(options: MercuriusOptions = {}, hasReporter = true): Promise<Service> {
  const reports: CrashReport[] = []
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false, source: 'orders' })
  if (hasReporter)
    await app.register(errorReporter, {
      errorReporter: (_title, _message, report) => void reports.push(report),
    })
  const soldOut = app.scs.registerError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
  const fail = () => {
    throw new Error('the pool of 10.0.0.7 is exhausted')
  }
  await app.register(mercurius, {
    schema,
    resolvers: {
      Item: { price: fail },
      Query: {
        ok: () => 'fine',
        bug: fail,
        needed: fail,
        soldOut: () => {
          throw soldOut({ details: { left: 0 } })
        },
        user: () => {
          throw new InvalidUserError("Sorry, we don't know you")
        },
        own: () => {
          throw new GraphQLError('Closed on Sundays', { extensions: { code: 'CLOSED' } })
        },
        items: () => Array.from({ length: 20 }, () => ({})),
      },
    },
    errorFormatter: formatGraphqlErrors,
    ...options,
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    app,
    reports,
    ask: async (body) => {
      const answer = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      const type = answer.headers.get('content-type')
      const read = { status: answer.status, type, body: await answer.json() }
      if (hasReporter) await app.errorReporter.flush()
      return read
    },
  }
}

it("an unexpected error of a resolver hides its text in GraphQL's own form, and is reported once with the operation", async () => {
  const { ask, reports } = await service()
  const { status, body } = await ask({ query: 'query Shop { ok bug }', operationName: 'Shop' })
  const errorId = reports[0]?.error_id
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      data: { ok: 'fine', bug: null },
      errors: [
        {
          message: 'An unexpected error occurred',
          locations: [{ line: 1, column: 17 }],
          path: ['bug'],
          extensions: {
            code: 'SERVER_ERROR',
            id: 'internal-server-error',
            status: 500,
            errorId,
          },
        },
      ],
    },
  })
  expect(reports).toHaveLength(1)
  expect(reports[0]).toMatchObject({
    title: expect.stringContaining('POST /graphql: GraphQL bug'),
    is_fatal_error: true,
    data: { path: 'bug', operation: 'Shop' },
    trace: expect.arrayContaining(['Error: the pool of 10.0.0.7 is exhausted']),
  })
})

it('a registered error and a ServiceError of a resolver show in the extensions, and an error with extensions of its own stays', async () => {
  const { ask, reports } = await service()
  const { status, body } = await ask({ query: '{ soldOut user own }' })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    data: { soldOut: null, user: null, own: null },
    errors: [
      {
        message: 'Sold out',
        path: ['soldOut'],
        extensions: {
          code: 'ORDERS_SOLD_OUT',
          id: 'orders-sold-out',
          status: 409,
          details: { left: 0 },
        },
      },
      {
        message: "Sorry, we don't know you",
        path: ['user'],
        extensions: { code: 'INVALID_USER', id: 'invalid-user', status: 401 },
      },
      { message: 'Closed on Sundays', path: ['own'], extensions: { code: 'CLOSED' } },
    ],
  })
  expect(reports).toEqual([])
})

it('a field that fails for each item of a list is reported once, and so is one that may not be null', async () => {
  const { ask, reports } = await service()
  const list = await ask({ query: '{ items { price } }' })
  expect((list.body as { errors: unknown[] }).errors).toHaveLength(20)
  expect(reports.map(({ title }) => title)).toEqual([
    expect.stringContaining('GraphQL items.price'),
  ])
  const needed = await ask({ query: '{ needed }' })
  expect(needed).toMatchObject({
    status: 200,
    body: { data: null, errors: [{ message: 'An unexpected error occurred', path: ['needed'] }] },
  })
  expect(reports).toHaveLength(2)
})

it("an invalid query, a missing one and a malformed body keep mercurius' form and status", async () => {
  const own = await service({ errorFormatter: mercurius.defaultErrorFormatter })
  const ours = await service()
  for (const body of [{ query: '{ nothing }' }, { query: '{' }, {}, '{"query":']) {
    const answer = await ours.ask(body)
    expect(answer.status).toBe(400)
    expect(answer).toMatchObject({ body: { data: null, errors: [expect.anything()] } })
    expect(messagesOf(answer)).toEqual(messagesOf(await own.ask(body)))
  }
  const two = { query: '{ nothing nowhere }' }
  expect(await ours.ask(two)).toEqual(await own.ask(two))
  expect(ours.reports).toEqual([])
})

it('a hook that fails answers in the form of GraphQL, with its status, and is reported once', async () => {
  const { app, ask, reports } = await service({
    context: () => {
      throw new Error('the session store of 10.0.0.7 is down')
    },
  })
  const answer = await ask({ query: '{ ok }' })
  expect(answer).toMatchObject({ status: 500, body: {} })
  expect(JSON.stringify(answer)).not.toContain('10.0.0.7')
  expect(reports).toHaveLength(1)
  expect(app.errorReporter.stats().reported.fatal).toBe(1)
})

it('without the formatter nothing of ours changes the answers', async () => {
  const { ask, reports } = await service({ errorFormatter: mercurius.defaultErrorFormatter })
  expect(await ask({ query: '{ bug }' })).toMatchObject({
    status: 200,
    body: { data: { bug: null }, errors: [{ message: 'the pool of 10.0.0.7 is exhausted' }] },
  })
  expect(reports).toEqual([])
})

it('without error-reporter and without a request, an unexpected error is logged', async () => {
  const { app, ask } = await service({}, false)
  expect(await ask({ query: '{ bug }' })).toMatchObject({
    body: { errors: [{ extensions: { id: 'internal-server-error' } }] },
  })
  expect(await app.graphql('{ bug }')).toMatchObject({
    errors: [{ message: 'An unexpected error occurred' }],
  })
})

function messagesOf({ body }: { body: unknown }): readonly string[] {
  return (body as { errors: { message: string }[] }).errors.map(({ message }) => message)
}
