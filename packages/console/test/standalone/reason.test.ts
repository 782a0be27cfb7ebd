import { DriverMissingError } from '@fastify-scs/store/adapter'
import { expect, it } from 'vitest'
import { reasonOf } from '../../src/standalone/reason.js'

it('a store without a driver is said together with the command that brings one', () => {
  const error = new DriverMissingError('sqlite', 'npm install better-sqlite3@12')
  expect(reasonOf(error).split('\n')).toEqual([
    error.message,
    'With npx: npx -p @fastify-scs/console -p better-sqlite3@12 console sqlite:./scs.db',
  ])
})

it('any other failure is said in its own line', () => {
  expect(reasonOf(new Error('no such file'))).toBe('no such file')
  expect(reasonOf('thrown')).toBe('thrown')
})
