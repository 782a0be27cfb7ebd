import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import Fastify from 'fastify'
import { expect, it } from 'vitest'

it.each<[unknown, string]>([
  [{ source: '' }, "Option source: expected a non-empty string, got ''"],
  [{ source: 5 }, 'Option source: expected a non-empty string, got 5'],
  [
    { errorFormat: 'xml' },
    "Option errorFormat: expected 'scs', 'pymacaron', 'problem' or a function, got 'xml'",
  ],
  [{ errorDecorator: 'x' }, "Option errorDecorator: expected a function, got 'x'"],
  [{ user: {} }, 'Option user: expected a function, got {}'],
  [{ context: 'yes' }, "Option context: expected true or false, got 'yes'"],
  [{ contxt: true }, 'Option contxt: expected no such option, got true'],
  [
    { audit: true },
    'Option audit: expected an object { stdout?, file?, stream? }, or false, got true',
  ],
  [
    { audit: { file: 'a.log' } },
    "Option audit.file: expected an object with a path, or false, got 'a.log'",
  ],
  [
    { audit: { file: { path: 'a', maxSizeMb: 0 } } },
    'Option audit.file.maxSizeMb: expected a number above 0, got 0',
  ],
  [
    { audit: { file: { path: 'a', backupCount: 1.5 } } },
    'Option audit.file.backupCount: expected a whole number, 0 to 1000, got 1.5',
  ],
  [
    { audit: { stdout: { level: 'x' } } },
    "Option audit.stdout.level: expected one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, got 'x'",
  ],
  [{ audit: { stream: {} } }, 'Option audit.stream'],
  [
    { redact: { keys: 'iban' } },
    "Option redact.keys: expected a list of non-empty strings, got 'iban'",
  ],
  [{ redact: { paths: [] } }, 'Option redact.paths: expected no such option, got []'],
])('wrong options are an error that names them: %j', async (options, message) => {
  const app = Fastify()
  app.register(scsPlugin, options as ScsOptions)
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_OPTIONS',
    message: expect.stringContaining(message),
  })
})

it('options that Fastify itself reads, and those that are undefined, are no mistake', async () => {
  const app = Fastify()
  app.register(scsPlugin, {
    prefix: '/x',
    logLevel: 'warn',
    audit: false,
    source: undefined,
  } as never)
  await expect(app.ready()).resolves.toBeDefined()
})

it('without a source the audit lines are those of "app"', async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: { stdout: false, file: false, stream: false } })
  expect(app.scs.source).toBe('app')
  expect(app.scs.audit.stats()).toEqual({ events: 0, sinks: {} })
})
