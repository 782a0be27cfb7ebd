import { nearestHint } from '@fastify-scs/core/kit'
import { Command } from 'commander'
import { type PackageError, packageErrors } from '../catalogue/package-errors.js'
import { UnknownCodeError } from '../errors.js'
import type { Session } from '../session.js'

/** `fastify-scs errors`: what a code means and what to do. */
export function errorsCommand(session: Session): Command {
  return new Command('errors')
    .description('Says what the code of an error means and what to do; lists all without a code.')
    .argument('[code]', 'SCS_STORE_ERR_FILTER')
    .addHelpText('after', '\nExample:\n  fastify-scs errors SCS_STORE_ERR_FILTER')
    .action(async (code: string | undefined) => {
      const all = await packageErrors()
      if (code === undefined) return list(session, all)
      const found = all.find((error) => error.code === code.toUpperCase())
      if (found !== undefined) return tell(session, found)
      const codes = all.map((error) => error.code)
      throw new UnknownCodeError(code, nearestHint(code, codes))
    })
}

async function list({ output }: Session, errors: readonly PackageError[]): Promise<void> {
  if (!output.isTable) {
    for (const error of errors) await output.json(error)
    return
  }
  const rows = errors.map(({ code, message }) => [code, message])
  await output.rows([{ name: 'CODE' }, { name: 'MESSAGE', isFlexible: true }], rows)
}

async function tell({ output }: Session, error: PackageError): Promise<void> {
  if (!output.isTable) return output.json(error)
  await output.line(error.code, 'bold')
  await output.line(`  of: ${error.package}`)
  await output.line(`  says: ${error.message}`)
  await output.line(`  do: ${error.fix}`)
}
