import { once } from 'node:events'
import { Command } from 'commander'
import { UsageError } from '../errors.js'
import type { Session } from '../session.js'
import { wholeOf } from '../times.js'

const MAX_PORT = 65_535

interface McpFlags {
  readonly http?: boolean
  readonly port?: string
  readonly tokenFile?: string
  readonly auditFile?: string
}

/** `fastify-scs mcp`: what the store holds, for agents that speak the Model Context Protocol. */
export function mcpCommand(session: Session): Command {
  return new Command('mcp')
    .description('Serves the store to agents over the Model Context Protocol, for reading only.')
    .option('--http', 'listens on 127.0.0.1; without it, it speaks by standard input and output')
    .option('--port <number>', 'to listen on with --http; any free one without it')
    .option('--token-file <path>', 'with --http: holds the token; else the variable SCS_MCP_TOKEN')
    .option(
      '--audit-file <path>',
      'gets a line for each call; else fastify-scs/mcp-audit.log in ~/.local/state',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  fastify-scs mcp --store sqlite:./scs.db\n  fastify-scs mcp --store sqlite:./scs.db --http --port 4321 --token-file ./mcp-token',
    )
    .action(async ({ http = false, port, tokenFile, auditFile }: McpFlags) => {
      if (!http && (port ?? tokenFile) !== undefined)
        throw new UsageError(
          port === undefined ? '--token-file' : '--port',
          'the option --http as well',
          'standard input and output',
        )
      // The protocol's library is a third of all that the program would load.
      const { serveMcp } = await import('../mcp/serve-mcp.js')
      const { stdin, stdout, stderr, env } = session.io
      const listening = {
        port: wholeOf('--port', port ?? '0', 0, MAX_PORT),
        ...(tokenFile === undefined ? {} : { tokenFile }),
      }
      const serving = await serveMcp({
        url: session.url,
        ...(http ? { http: listening } : {}),
        ...(auditFile === undefined ? {} : { auditFile }),
        ...{ stdin, stdout, stderr, env },
      })
      if (serving.address !== undefined) {
        await session.output.line(`The MCP server is at ${serving.address}`)
        session.output.note(`Each call is a line in ${serving.auditFile}. End it with Ctrl-C.`)
      }
      // A second signal ends the process at once.
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), serving.closed])
      await serving.close()
    })
}
