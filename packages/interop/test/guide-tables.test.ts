import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as core from '@fastify-scs/core'
import scsPlugin, { ServiceError } from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import integrationLog, { type LoggedFields } from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './examples/find-examples.js'

/* The tables of the guides and READMEs that name what is there, row by row. */

/** The rows of the first table below a heading of a page, each as the texts in code of its cells. */
function rowsIn(page: string, heading: string): readonly (readonly (readonly string[])[])[] {
  const text = readFileSync(join(REPOSITORY, page), 'utf8')
  const section = text.split(/\n##+ /).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)),
  )
}

/** The same, of a guide. */
function rowsOf(guide: string, heading: string): ReturnType<typeof rowsIn> {
  return rowsIn(`docs/guides/${guide}.md`, heading)
}

/** `time.start` ...: what a row says that a report has, in both of its columns. */
function reportPathsOf([theirs = [], ours = []]: readonly (readonly string[])[]): string[] {
  const [first = '', ...rest] = theirs.filter((name) => /^\w+$/.test(name))
  const isGroup = ['time', 'response', 'user', 'server', 'request'].includes(first)
  if (!isGroup) return first === '' ? [] : [first, ...rest]
  const own = ours.filter((name) => name !== 'reportUser')
  return [...rest, ...own].map((name) => `${first}.${name}`)
}

/** A list of fields as a guide writes it: `a: 1, b: { c: 'x' }`. */
function fieldsOf(code: string): Record<string, unknown> {
  const json = code.replaceAll("'", '"').replace(/([{,]\s*|^)(\w+):/g, '$1"$2":')
  return JSON.parse(`{${json}}`) as Record<string, unknown>
}

describe('the guide from Frappe', () => {
  const rows = rowsOf('from-frappe', "Frappe's names, word for word")

  it('names more than ten of them', () => {
    expect(rows.length).toBeGreaterThan(10)
  })

  it.each(rows.map(([[given = ''] = [], [ours = ''] = []]) => [given, ours]))(
    'log() takes %s as %s',
    async (given, ours) => {
      const app = Fastify()
      await app.register(scsPlugin, { audit: false })
      await app.register(store, { url: 'memory:' })
      await app.register(integrationLog)
      const asked = fieldsOf(given)
      const service = 'service_name' in asked || 'integration_request_service' in asked
      const fields = service ? asked : { service: 'mpesa', ...asked }
      const { id } = app.integrations.log(fields as unknown as LoggedFields)
      expect(await app.integrations.get(id)).toMatchObject(fieldsOf(ours))
      await app.close()
    },
  )

  it('what is read back is redacted, except for what the service keeps', async () => {
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(store, { url: 'memory:' })
    const services = { paypal: { keep: ['session_id'] }, mpesa: {} }
    await app.register(integrationLog, { services, keepKeys: ['paypal'] })
    const data = { session_id: 's-1', access_token: 't-1' }
    // A test key of Stripe: a text that looks like a secret.
    const key = `sk_${'test'}_4eC39HqLyjWDarjtT1zdp7dc`
    app.integrations.log({ service: 'paypal', key, data })
    expect(await app.integrations.get({ service: 'paypal', key })).toMatchObject({
      key,
      data: { session_id: 's-1', access_token: '[redacted]' },
    })
    const { id } = app.integrations.log({ service: 'mpesa', data })
    expect(await app.integrations.get(id)).toMatchObject({
      data: { session_id: '[redacted]', access_token: '[redacted]' },
    })
    expect(() => app.integrations.log({ service: 'mpesa', key })).toThrow('keepKeys')
    await app.close()
  })

  it('an unknown name is refused with the nearest known one', async () => {
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(integrationLog)
    const slip = { service: 'mpesa', refernce: { type: 'Order', id: '1' } }
    const logging = (): unknown => app.integrations.log(slip as LoggedFields)
    expect(logging).toThrow('did you mean "reference"?')
    expect(logging).toThrow(expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_FIELD' }))
    await app.close()
  })
})

describe('the guide from PyMacaron', () => {
  const classes = rowsOf('from-pymacaron', 'Codes that are there').flatMap(
    ([theirs = [], ours = []]) => {
      const name = ours.find((each) => each.endsWith('Error'))
      return name === undefined ? [] : [[name, String(theirs[0])] as const]
    },
  )

  it.each(classes)('%s is exported and has the code %s', (name, code) => {
    const made = (core as unknown as Record<string, typeof ServiceError>)[name]
    expect(made?.prototype).toBeInstanceOf(ServiceError)
    expect(made?.code).toBe(code)
  })

  it('names every ready-made class', () => {
    expect(classes).toHaveLength(8)
  })

  it('names fields of a report that a report has', async () => {
    const reports: CrashReport[] = []
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(errorReporter, {
      errorReporter: (_title, _message, report) => void reports.push(report),
      reportUser: () => ({ name: 'Ann', email: 'ann@example.com', language: 'en' }),
    })
    app.get('/crash', () => {
      throw new TypeError('broken')
    })
    await app.inject('/crash')
    await app.errorReporter.flush()
    const paths = rowsOf('from-pymacaron', 'A report').flatMap(reportPathsOf)
    expect(paths.length).toBeGreaterThan(30)
    for (const path of paths) expect(reports[0]).toHaveProperty(path)
    await app.close()
  })
})

describe('the README of the integration log', () => {
  const page = 'packages/integration-log/README.md'

  it('names each field of a record, and no other', async () => {
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(integrationLog)
    const { record } = app.integrations.log({ service: 'mpesa' })
    const named = rowsIn(page, 'What is recorded').flatMap(([fields = []]) => fields)
    // Only a failed call of a service with `retry` has this one.
    expect(named.toSorted()).toEqual([...Object.keys(record), 'resend'].toSorted())
    await app.close()
  })

  it('names fields of a filter that find takes', async () => {
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(store, { url: 'memory:' })
    await app.register(integrationLog)
    const named = rowsIn(page, 'Finding').flatMap(([fields = []]) => fields)
    expect(named.length).toBeGreaterThan(15)
    const refusedOf = (name: string): Promise<string> =>
      app.integrations.find({ [name]: null } as object).then(() => '', String)
    expect(await refusedOf('madeUp')).toContain('no such field')
    for (const name of named) expect(await refusedOf(name), name).not.toContain('no such field')
    await app.close()
  })
})
