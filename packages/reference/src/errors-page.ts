import { errorCatalog as cliCatalog } from '@fastify-scs/cli'
import { errorCatalog as consoleCatalog } from '@fastify-scs/console'
import * as core from '@fastify-scs/core'
import { errorCatalog as reporterCatalog } from '@fastify-scs/error-reporter'
import { errorCatalog as integrationCatalog } from '@fastify-scs/integration-log'
import { errorCatalog as queryLogCatalog } from '@fastify-scs/query-log'
import { errorCatalog as slowCallCatalog } from '@fastify-scs/slow-call'
import { errorCatalog as storeCatalog } from '@fastify-scs/store'
import Fastify from 'fastify'

type Catalog = Readonly<Record<string, core.CodedError>>

/** The coded errors by the package that throws them; the adapters of the store throw the store's. */
const CATALOGS: Readonly<Record<string, Catalog>> = {
  '@fastify-scs/cli': cliCatalog,
  '@fastify-scs/console': consoleCatalog,
  '@fastify-scs/core': core.errorCatalog,
  '@fastify-scs/error-reporter': reporterCatalog,
  '@fastify-scs/integration-log': integrationCatalog,
  '@fastify-scs/query-log': queryLogCatalog,
  '@fastify-scs/slow-call': slowCallCatalog,
  '@fastify-scs/store': storeCatalog,
}

/** Makes docs/reference/errors.md out of what the packages export and register. */
export async function renderErrorsPage(): Promise<string> {
  const app = Fastify()
  await app.register(core.default, { audit: false })
  const { errors } = app.scs
  await app.close()
  return [
    '# Errors',
    'Made from the code by `corepack pnpm docs:reference`; a test fails when it is out of date.',
    '## Answers that are registered from the start',
    'The first id of a code is what `abort(code)` answers with. A code without a registered id answers with one made from the name of the status (`418` is `i-m-a-teapot`).',
    table(
      ['code', 'id', 'message'],
      errors.map(({ code, id, message }) => [String(code), `\`${id}\``, message]),
    ),
    '## Ready-made error classes',
    'Exported by `@fastify-scs/core`; throw them, or subclass `ServiceError` for your own.',
    table(['class', 'code', 'status', 'id in the scs format'], readyMadeRows()),
    '## Errors for developers',
    'What the packages themselves throw at start-up, at registration or at a wrong call. All have a `code`.',
    ...Object.entries(CATALOGS).flatMap(([name, catalog]) => [
      `### \`${name}\``,
      table(['code', 'message', 'what to do'], catalogRows(catalog)),
    ]),
    '',
  ].join('\n\n')
}

function readyMadeRows(): readonly (readonly string[])[] {
  return Object.entries(core)
    .filter((entry): entry is [string, core.ServiceErrorClass] => isServiceErrorClass(entry[1]))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, { code, status }]) => {
      const id = code.toLowerCase().replaceAll('_', '-')
      return [`\`${name}\``, `\`${code}\``, String(status), `\`${id}\``]
    })
}

function isServiceErrorClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof core.ServiceError
}

function catalogRows(catalog: Catalog): readonly (readonly string[])[] {
  const entries = Object.entries(catalog).sort(([one], [other]) => one.localeCompare(other))
  return entries.map(([code, { message, fix }]) => [`\`${code}\``, message, fix])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A cell is one line. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\n\s*/g, '<br>')
}
