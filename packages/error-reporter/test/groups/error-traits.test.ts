import { abort, defineError } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { isResponse, traitsOf } from '../../src/groups/error-traits.js'

const refused = (port: number): Error =>
  Object.assign(new Error('x'), { code: 'ECONNREFUSED', address: '10.0.0.7', port })

it('a port below 32,768 belongs to a service, one from there on to the system', () => {
  const origins = [32_767, 32_768].map((port) => traitsOf(refused(port)).origins)
  expect(origins).toEqual([['10.0.0.7:32767'], ['10.0.0.7']])
})

it('a cause is an origin only with a code of a system or a library', () => {
  const causedBy = (code: string): readonly string[] =>
    traitsOf(new Error('x', { cause: Object.assign(new Error('y'), { code }) })).origins
  for (const code of ['ER_DUP_ENTRY', '23505', '57P01', '40001'])
    expect(causedBy(code)).toEqual([`Error ${code} `])
  for (const code of ['order 17', 'x-17', 'e', '1064', '235050', '57p01', ''])
    expect(causedBy(code)).toEqual([])
})

it('the port of a service stands behind its host, of which the name comes before the address', () => {
  const destination = (fields: object): readonly string[] =>
    traitsOf(Object.assign(new Error('x'), { code: 'E', ...fields })).origins
  expect(destination({ hostname: 'db.internal', address: '10.0.0.7', port: 1 })).toEqual([
    'db.internal:1',
  ])
  expect(destination({ hostname: '', address: '10.0.0.7', port: '1' })).toEqual(['10.0.0.7'])
  expect(destination({ socket: { remoteAddress: '10.0.0.8', remotePort: 443 } })).toEqual([
    '10.0.0.8:443',
  ])
  const nowhere = { socket: { remoteAddress: '', remotePort: 443 } }
  for (const fields of [{ hostname: 7 }, { socket: null }, nowhere]) {
    expect(destination(fields)).toEqual([])
  }
  const hostile = Object.defineProperty(refused(1), 'address', {
    get: () => {
      throw new Error('no')
    },
  })
  expect(traitsOf(hostile).origins).toEqual([])
})

it('an error without a code has no destination, and a value that is no object has none', () => {
  expect(traitsOf(Object.assign(new Error('x'), { address: '10.0.0.7' })).origins).toEqual([])
  expect(traitsOf('ECONNREFUSED').origins).toEqual([])
})

it('the origins are the errors that an error is made of and their causes, sorted, each once', () => {
  const lost = Object.assign(new Error('lost 17'), { code: 'LOST' })
  const inner = Object.assign(new AggregateError([refused(3), lost], 'y'), { code: 'INNER' })
  const all = new AggregateError([refused(2), inner, refused(1), refused(2)], 'x', {
    cause: new TypeError('no code', { cause: refused(4) }),
  })
  expect(traitsOf(all).origins).toEqual([
    'AggregateError INNER y',
    'Error ECONNREFUSED 10.0.0.7:1',
    'Error ECONNREFUSED 10.0.0.7:2',
    'Error ECONNREFUSED 10.0.0.7:3',
    'Error ECONNREFUSED 10.0.0.7:4',
    'Error LOST lost #',
  ])
})

it('of the causes only undici’s errors have a message that is the same each time', () => {
  const cause = (code: string): readonly string[] =>
    traitsOf(new Error('x', { cause: Object.assign(new Error('y'), { code }) })).origins
  expect(cause('UND_ERR_SOCKET')).toEqual(['Error UND_ERR_SOCKET y'])
  expect(cause('NOT_UND_ERR_SOCKET')).toEqual(['Error NOT_UND_ERR_SOCKET '])
})

it('a Response has its status for a code, and a model what it says of itself', () => {
  const traits = (value: unknown): object => {
    const { code, message } = traitsOf(value)
    return { code, message }
  }
  const response = new Response(null, { status: 503, statusText: 'Busy' })
  expect(traits(response)).toEqual({ code: '503', message: 'Busy' })
  const model = { error: 'NO_STOCK', error_description: 'None left' }
  expect(traits(model)).toEqual({ code: 'NO_STOCK', message: 'None left' })
  expect(traits({ error: 7, error_description: {} })).toEqual({ code: '7', message: '' })
  expect(traits({ ...model, code: 'OWN' })).toEqual({ code: 'OWN', message: 'None left' })
  expect(traits({ ...model, message: 'own' })).toEqual({ code: 'NO_STOCK', message: 'own' })
  expect(traits({ ...model, code: 'OWN', message: 'own' })).toEqual({ code: 'OWN', message: 'own' })
  for (const none of [null, undefined, 7]) expect(traits(none)).toMatchObject({ code: '' })
  expect(traits({})).toEqual({ code: '', message: '' })
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no')
      },
    },
  )
  expect(traits(hostile)).toEqual({ code: '', message: '' })
  expect([isResponse(response), isResponse(model), isResponse(hostile)]).toEqual([
    true,
    false,
    false,
  ])
})

it('errors without a code, a message or a cause are origins of what is made of them', () => {
  expect(traitsOf(new AggregateError([new Error('y'), {}])).origins).toEqual([
    'Error  y',
    'Object  ',
  ])
})

it('a registered error has its status and its id, whatever is filled into its message', () => {
  const down = defineError({ code: 503, id: 'down', message: '{service} is down: {why}' })
  const one = traitsOf(down({ params: { service: 'stripe', why: 'refused' } }))
  expect(one).toMatchObject({ code: '503 down', message: '' })
  expect(traitsOf(down({ params: { service: 'paypal', why: 'timed out' } }))).toEqual(one)
  expect(() => abort(503)).toThrow(expect.toSatisfy((thrown) => traitsOf(thrown).code === '503 '))
})
