import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import * as testing from '@fastify-scs/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { REPOSITORY } from './examples/find-examples.js'

/* The names that the guides and the READMEs of the packages for applications rely on. */

const textOf = (page: string): string => readFileSync(join(REPOSITORY, page), 'utf8')

async function startCore(): Promise<FastifyInstance> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false })
  return app
}

describe('the guide from Sentry', () => {
  const named = ['apiVersion', 'environment', 'errorReporter', 'reportUser', 'beforeReport']
    .concat(['ignore', 'maxCallsPerMinute', 'captureProcessErrors'])
    .map((name) => [name] as const)

  /** What the reporter says of an option whose value cannot be right. */
  async function refusedAs(name: string): Promise<string> {
    const app = await startCore()
    const registering = async (): Promise<void> => {
      await app.register(errorReporter, { [name]: Symbol('wrong') })
    }
    return registering().then(() => '', String)
  }

  it.each(named)('names the option %s, which error-reporter has', async (name) => {
    expect(textOf('docs/guides/from-sentry.md')).toMatch(new RegExp(`[^.\\w]${name}\\b`))
    const refused = await refusedAs(name)
    expect(refused).toContain(name)
    expect(refused).not.toContain('no such option')
  })

  it('an option that is not there is refused as such', async () => {
    expect(await refusedAs('dsn')).toContain('no such option')
  })
})

it('the guide to production names figures that there are', async () => {
  const text = textOf('docs/guides/production.md')
  const app = await startCore()
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter)
  const stats = await app.scsStore.stats()
  for (const name of ['shed', 'deadLettered', 'isAvailable']) {
    expect(text).toContain(`\`${name}\``)
    expect(stats).toHaveProperty(name)
  }
  expect(app.scs.audit.stats()).toBeTypeOf('object')
  expect(app.errorReporter.stats()).toBeTypeOf('object')
})

it("fastify-scs's README names each variable that is read, and no other", () => {
  const sections = textOf('packages/fastify-scs/README.md').split('\n## ')
  const section = sections.find((each) => each.startsWith('Environment variables')) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => row.split('|')[1]?.match(/SCS_[A-Z_]+/g) ?? [])
  const sources = ['fastify-scs/src/variables.ts', 'error-reporter/src/release/running-release.ts']
  const read = sources.flatMap(
    (path) =>
      textOf(`packages/${path}`).match(/'SCS_(?!ALL_)[A-Z_]+'|\bSCS_(?:RELEASE|COMMIT)\b/g) ?? [],
  )
  expect(named.toSorted()).toEqual(
    [...new Set(read.map((name) => name.replaceAll("'", '')))].toSorted(),
  )
})

it("testing's README names each function that is exported", () => {
  const text = textOf('packages/testing/README.md')
  const functions = Object.entries(testing).filter(([, value]) => typeof value === 'function')
  expect(functions.length).toBeGreaterThan(4)
  expect(functions.map(([name]) => name).filter((name) => !text.includes(`\`${name}(`))).toEqual([])
})

it('the first page links to each published package', () => {
  const text = textOf('README.md')
  const manifests = ['cli', 'client', 'console', 'core', 'error-reporter', 'fastify-scs']
    .concat(['integration-log', 'query-log', 'slow-call', 'store', 'store-postgres'])
    .concat(['store-sqlite', 'testing'])
  expect(manifests.filter((name) => !text.includes(`packages/${name}/README.md`))).toEqual([])
})
