import { abort, defineError } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const missing = defineError({ code: 404, id: 'order-missing', message: 'No such order' })
const wasAnswered = { id: 'order-missing', message: 'No such order' }

/** What a handler's throw is answered with, and the mistakes that are logged about it. */
async function answerOf(fail: () => never): Promise<{ error: unknown; mistakes: unknown[] }> {
  const { app, log } = await buildApp()
  app.scs.registerError({ code: 404, id: 'missing', message: 'Not here' })
  app.scs.registerError(missing)
  app.get('/', fail)
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(404)
  const mistakes = failureLines(log, 50).map(({ msg }) => msg)
  return { error: answer.json().error, mistakes }
}

it('an id within a description, where Flask has it, is the id', async () => {
  const { error, mistakes } = await answerOf(() =>
    abort(404, { description: { id: 'order-missing', details: { order: 7 } } }),
  )
  expect(error).toEqual({ ...wasAnswered, details: { order: 7 } })
  expect(mistakes).toEqual([])
})

it('a description beside an id is ignored, and the log says so', async () => {
  const { error, mistakes } = await answerOf(() =>
    abort(404, { id: 'order-missing', description: { id: 'other' } }),
  )
  expect(error).toEqual(wasAnswered)
  expect(mistakes).toEqual(['abort(404): unknown field "description"'])
})

it('a description that is a text is no id: the code answers, and the log says so', async () => {
  const { error, mistakes } = await answerOf(() =>
    abort(404, { description: 'order-missing' } as never),
  )
  expect(error).toEqual({ id: 'missing', message: 'Not here' })
  expect(mistakes).toEqual(['abort(404): unknown field "description"'])
})

it.each<[string, () => never, string]>([
  [
    'abort',
    () => abort(404, { id: 'order-missing', detials: 1 } as never),
    'abort(404): unknown field "detials"; did you mean "details"?',
  ],
  [
    'a description of abort',
    () => abort(404, { description: { id: 'order-missing', detials: 1 } } as never),
    'abort(404): unknown field "description.detials"; did you mean "details"?',
  ],
  [
    'a factory',
    () => {
      throw missing({ detials: 1 } as never)
    },
    'the error "order-missing": unknown field "detials"; did you mean "details"?',
  ],
  [
    'a factory that is given an id',
    () => {
      throw missing({ id: 'x' } as never)
    },
    'the error "order-missing": unknown field "id"',
  ],
  [
    'a factory that is given a text',
    () => {
      throw missing('no such order' as never)
    },
    `the error "order-missing": expected an object of details, params, cause, got 'no such order'`,
  ],
  [
    'a class instance',
    () => {
      throw missing(
        new (class Details {
          readonly orderId = 7
        })() as never,
      )
    },
    'the error "order-missing": unknown field "orderId"',
  ],
])(
  'an unknown field of %s is an error in the log, and the answer is sent',
  async (_of, fail, mistake) => {
    const { error, mistakes } = await answerOf(fail)
    expect(error).toEqual(wasAnswered)
    expect(mistakes).toEqual([mistake])
  },
)

const trap = {
  get: () => {
    throw new Error('not to be read')
  },
}

it.each<[string, () => never]>([
  [
    'an unknown field',
    () => abort(404, Object.defineProperty({}, 'foo', { ...trap, enumerable: true })),
  ],
  ['a description', () => abort(404, Object.defineProperty({}, 'description', trap))],
  ['an id', () => abort(404, Object.defineProperty({}, 'id', trap))],
  ['the details', () => abort(404, Object.defineProperty({}, 'details', trap))],
  [
    'a field within a description',
    () =>
      abort(404, { description: Object.defineProperty({}, 'id', { ...trap, enumerable: true }) }),
  ],
  ['a Proxy', () => abort(404, new Proxy({}, trap))],
])(
  'of options that cannot be read, as by a getter of %s, the code is left, and the log says so',
  async (_name, fail) => {
    const { error, mistakes } = await answerOf(fail)
    expect(error).toEqual({ id: 'missing', message: 'Not here' })
    expect(mistakes).toEqual(['abort(404): its options cannot be read'])
  },
)

it('the options of a factory that cannot be read leave its answer, and the log says so', async () => {
  const { error, mistakes } = await answerOf(() => {
    throw missing(Object.defineProperty({}, 'details', trap))
  })
  expect(error).toEqual(wasAnswered)
  expect(mistakes).toEqual(['the error "order-missing": its options cannot be read'])
})

it('an error in place of the options is taken as the cause, and the log says so', async () => {
  const { app, log } = await buildApp()
  const down = app.scs.registerError({ code: 503, id: 'down', message: 'Down' })
  app.get('/', () => {
    throw down(new Error('ECONNREFUSED') as never)
  })
  expect((await app.inject('/')).json().error).toEqual({ id: 'down', message: 'Down' })
  const [mistake, line] = failureLines(log, 50)
  expect(mistake?.msg).toBe(
    'the error "down": expected an object of details, params, cause, got an error; it is taken as the cause',
  )
  expect(line?.err).toMatchObject({
    stack: expect.stringContaining('caused by: Error: ECONNREFUSED'),
  })
})

it('an unknown field and an unknown id are both told, and the code answers', async () => {
  const { mistakes } = await answerOf(() => abort(404, { id: 'nowhere', detials: 1 } as never))
  expect(mistakes).toEqual([
    'abort(404): unknown field "detials"; did you mean "details"?; the error id "nowhere" is not registered for code 404',
  ])
})

it('what a client names does not fill the log', async () => {
  const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i}`.padEnd(999), i]))
  const { mistakes } = await answerOf(() => abort(404, { id: 'order-missing', ...body } as never))
  expect(mistakes).toHaveLength(1)
  expect(String(mistakes[0]).length).toBeLessThan(300)
})

it('fields that are undefined, and those of every object, are no mistake', async () => {
  Object.assign(Object.prototype, { polluted: 1 })
  try {
    const options = { id: 'order-missing', details: undefined, detials: undefined } as never
    expect(await answerOf(() => abort(404, options))).toEqual({ error: wasAnswered, mistakes: [] })
  } finally {
    Reflect.deleteProperty(Object.prototype, 'polluted')
  }
})
