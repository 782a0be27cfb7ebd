import { type ClientError, markdownOfErrors } from '@fastify-scs/core'
import { nearestHint } from '@fastify-scs/core/kit'
import { Command } from 'commander'
import type { PackageError } from '../catalogue/package-errors.js'
import { UnknownCodeError } from '../errors.js'
import type { Session } from '../session.js'

interface ErrorsOptions {
  readonly app?: string
  readonly url?: string
  readonly markdown?: boolean
}

/** `fastify-scs errors`: what a code means and what to do, and what the clients of an application can get. */
export function errorsCommand(session: Session): Command {
  return new Command('errors')
    .description(
      'Says what the code of an error means and what to do; lists all without a code. With --app or --url: the errors that clients of an application get.',
    )
    .argument('[code]', 'SCS_STORE_ERR_FILTER, or an error id of the application')
    .option(
      '--app <module>',
      'a module that exports a Fastify app, a function that makes it, or a plugin',
    )
    .option('--url <url>', 'of the error pages of an application that runs (errorPages)')
    .option('--markdown', 'with --app or --url: as a page of Markdown')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs errors SCS_STORE_ERR_FILTER
  fastify-scs errors --app ./dist/app.js --markdown > ERRORS.md`,
    )
    .action((code: string | undefined, options: ErrorsOptions) => errors(session, code, options))
}

async function errors(
  session: Session,
  code: string | undefined,
  { app, url, markdown = false }: ErrorsOptions,
): Promise<void> {
  if (app !== undefined || url !== undefined) {
    const { errorsOfModule, errorsOfUrl } = await import('../catalogue/application-errors.js')
    const all = app === undefined ? await errorsOfUrl(url ?? '') : await errorsOfModule(app)
    const found = chosen(all, code, ({ id }) => id)
    return markdown
      ? session.output.recorded(markdownOfErrors(found))
      : listOfClients(session, found)
  }
  const { packageErrors } = await import('../catalogue/package-errors.js')
  const all = await packageErrors()
  const [only, ...more] = chosen(all, code?.toUpperCase(), (error) => error.code)
  if (code !== undefined && only !== undefined && more.length === 0) return tell(session, only)
  return list(session, all)
}

/** All of them, or the one with this name. @throws UnknownCodeError */
function chosen<Item>(
  all: readonly Item[],
  name: string | undefined,
  nameOf: (item: Item) => string,
): readonly Item[] {
  if (name === undefined) return all
  const found = all.filter((item) => nameOf(item) === name)
  if (found.length > 0) return found
  throw new UnknownCodeError(name, nearestHint(name, all.map(nameOf)))
}

async function listOfClients({ output }: Session, all: readonly ClientError[]): Promise<void> {
  if (!output.isTable) {
    for (const error of all) await output.json(error)
    return
  }
  const columns = [
    { name: 'STATUS' },
    { name: 'ID', isWhole: true },
    { name: 'ROUTES', leaveOut: 1 },
    { name: 'MESSAGE', isFlexible: true },
  ]
  const rows = all.map(({ code, id, routes, message }) => [
    String(code),
    id,
    routes.map(({ method, url }) => `${method} ${url}`).join(', '),
    message,
  ])
  await output.rows(columns, rows)
}

async function list({ output }: Session, all: readonly PackageError[]): Promise<void> {
  if (!output.isTable) {
    for (const error of all) await output.json(error)
    return
  }
  const rows = all.map(({ code, message }) => [code, message])
  await output.rows(
    [
      { name: 'CODE', isWhole: true },
      { name: 'MESSAGE', isFlexible: true },
    ],
    rows,
  )
}

async function tell({ output }: Session, error: PackageError): Promise<void> {
  if (!output.isTable) return output.json(error)
  await output.line(error.code, 'bold')
  await output.line(`  of: ${error.package}`)
  await output.line(`  says: ${error.message}`)
  await output.line(`  do: ${error.fix}`)
}
