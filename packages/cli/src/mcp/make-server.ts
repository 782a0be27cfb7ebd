import { visibleText } from '@fastify-scs/console/read'
import { shortened } from '@fastify-scs/core/kit'
import {
  type CallToolResult,
  CLIENT_INFO_META_KEY,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server'
import type { TObject } from '@sinclair/typebox'
import type { FastifyBaseLogger } from 'fastify'
import { ownVersion } from '../own-version.js'
import type { McpAudit } from './audit.js'
import { problemOf } from './check-arguments.js'
import { TRUST_NOTE } from './marked.js'
import type { Tool, ToolParts } from './tool.js'
import { tellableOf } from './tool-failure.js'
import { TOOLS } from './tools.js'

/** What a server is made of. */
export interface ServerParts extends ToolParts {
  readonly audit: McpAudit
  readonly log: FastifyBaseLogger
}

const INSTRUCTIONS = `Reads what a Fastify service recorded with fastify-scs: errors, slow calls, calls to other services, audit events. Nothing can be changed here. ${TRUST_NOTE} Lists have a cursor: pass computed.nextCursor as "cursor" for more.`

const READ_ONLY = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const
/** Characters of what a client says of itself. */
const MAX_CLIENT_CHARS = 100

/** Makes a server with all tools, for one connection or one request. @param via how the client is connected, for the audit log */
export function makeServer(parts: ServerParts, via: string): McpServer {
  const server = new McpServer(
    { name: 'fastify-scs', version: ownVersion() },
    { instructions: INSTRUCTIONS, capabilities: { tools: { listChanged: false } } },
  )
  for (const tool of TOOLS) {
    const { name, title, description, input, output } = tool
    const schemas = { inputSchema: unchecked(input), outputSchema: unchecked(output) }
    const config = { title, description, annotations: { title, ...READ_ONLY }, ...schemas }
    server.registerTool(name, config, (args, ctx) =>
      call(tool, args, `${via}, ${clientOf(ctx, server)}`, parts),
    )
  }
  return server
}

async function call(
  tool: Tool,
  args: unknown,
  caller: string,
  parts: ServerParts,
): Promise<CallToolResult> {
  const problem = problemOf(tool.input, args)
  if (problem !== undefined) {
    parts.audit.wronglyCalled(caller, tool.name, problem)
    return failed(`${tool.name}: ${problem}.`)
  }
  try {
    parts.audit.called(caller, tool.name, args as object)
    const { structured, text } = await tool.run(args as never, parts)
    const json = JSON.stringify(structured)
    return {
      content: [{ type: 'text', text: text ?? `${TRUST_NOTE}\n${json}` }],
      structuredContent: structured as Record<string, unknown>,
    }
  } catch (error) {
    const told = tellableOf(error)
    if (told !== undefined) return failed(`${tool.name}: ${told}`)
    parts.log.error({ err: error, tool: tool.name }, 'a tool of the MCP server has failed')
    return failed(`${tool.name}: it has failed; the log of the MCP server says why.`)
  }
}

function failed(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}

/** What the client calls itself; nobody checks it. */
function clientOf({ mcpReq }: ServerContext, { server }: McpServer): string {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined
  const told = envelope?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion()
  const { name, version } = (told ?? {}) as { readonly name?: unknown; readonly version?: unknown }
  if (typeof name !== 'string') return 'a client without a name'
  const called = `client "${name}" ${typeof version === 'string' ? version : ''}`
  return visibleText(shortened(called.trim(), MAX_CLIENT_CHARS))
}

/** The schema as clients read it. The server's own check would refuse a call before it is in the audit log, with a text for developers. */
function unchecked(schema: TObject): StandardSchemaWithJSON<unknown, unknown> {
  const json = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>
  return {
    '~standard': {
      version: 1,
      vendor: 'typebox',
      validate: (value) => ({ value: value ?? {} }),
      jsonSchema: { input: () => json, output: () => json },
    },
  }
}
