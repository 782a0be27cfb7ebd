import { expect, it } from 'vitest'
import { traitsOf } from '../../src/groups/error-traits.js'

const refused = (port: number): Error =>
  Object.assign(new Error('x'), { code: 'ECONNREFUSED', address: '10.0.0.7', port })

it('a port below 32,768 belongs to a service, one from there on to the system', () => {
  const origins = [32_767, 32_768].map((port) => traitsOf(refused(port)).origins)
  expect(origins).toEqual([['10.0.0.7:32767'], ['10.0.0.7']])
})

it('a cause is an origin only with a code of a system or a library', () => {
  const causedBy = (code: string): readonly string[] =>
    traitsOf(new Error('x', { cause: Object.assign(new Error('y'), { code }) })).origins
  expect(causedBy('ER_DUP_ENTRY')).toEqual(['Error ER_DUP_ENTRY '])
  for (const code of ['order 17', 'x-17', 'e', '1064', '']) expect(causedBy(code)).toEqual([])
})
