import * as reporter from '@fastify-scs/error-reporter'
import * as queryLog from '@fastify-scs/query-log'
import * as whole from 'fastify-scs'
import { expect, it } from 'vitest'

it('exports every reporter and every observer, so that one package is enough', () => {
  const names = [...Object.keys(reporter), ...Object.keys(queryLog)].filter(
    (name) => /Reporter$/.test(name) || /^observe/.test(name),
  )
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !(name in whole))).toEqual([])
})
