import { once } from 'node:events'
import { serveConsole } from '@fastify-scs/console/read'
import { Command } from 'commander'
import type { Session } from '../session.js'
import { wholeOf } from '../times.js'

const MAX_PORT = 65_535

/** `fastify-scs console`: the web page over a store. */
export function consoleCommand(session: Session): Command {
  return new Command('console')
    .description('Opens the console over the store, for reading only, on this machine only.')
    .option('--port <number>', 'to listen on; any free one without it', '0')
    .addHelpText('after', '\nExample:\n  fastify-scs console --store sqlite:./scs.db --port 4000')
    .action(async ({ port }: { readonly port: string }) => {
      const served = await serveConsole(session.url, wholeOf('--port', port, 0, MAX_PORT))
      await session.output.line(`The console is at ${served.address}`)
      session.output.note('It only reads. End it with Ctrl-C.')
      // A second signal ends the process at once.
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      await served.close()
    })
}
