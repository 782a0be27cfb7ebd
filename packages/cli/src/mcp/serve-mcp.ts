import type { Readable } from 'node:stream'
import { type OpenedStore, openStore, QueryGate, StoreReader } from '@fastify-scs/console/read'
import { defaultAuditFile, McpAudit, preparedAuditFile } from './audit.js'
import type { ServerParts } from './make-server.js'
import { showWith } from './marked.js'
import { serveHttp } from './serve-http.js'
import { serveStdio } from './serve-stdio.js'
import { AccessToken } from './token.js'

/** How the MCP server is started. */
export interface ServeMcpOptions {
  /** The store, which is opened for reading only: `sqlite:./scs.db`, `postgres://user@host/database`. */
  readonly url: string
  /** With it the server listens on 127.0.0.1; without it, it serves the client that has started it, by `stdin` and `stdout`. */
  readonly http?: {
    /** 0 for any free one. */
    readonly port: number
    /** A file with the token that clients must send. @default the variable SCS_MCP_TOKEN */
    readonly tokenFile?: string
  }
  /** The file that has a line for each call. @default `fastify-scs/mcp-audit.log` in `$XDG_STATE_HOME` or `~/.local/state` */
  readonly auditFile?: string
  readonly stdin: Readable
  readonly stdout: NodeJS.WritableStream
  /** Where failures are logged. */
  readonly stderr: NodeJS.WritableStream
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A server that runs. */
export interface McpServing {
  /** Over HTTP: `http://127.0.0.1:4321/mcp`. */
  readonly address?: string
  readonly auditFile: string
  /** Resolves once the client on `stdin` has gone; never over HTTP. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/** So many queries run at a time, whatever clients ask. */
const QUERIES = { maxConcurrentQueries: 2, maxWaitingQueries: 20, maxQueryWaitMs: 10_000 }

/**
 * Serves what a store holds to MCP clients, for reading only.
 *
 * @throws SCS_CLI_ERR_MCP_NO_TOKEN, SCS_CLI_ERR_MCP_TOKEN, SCS_CLI_ERR_MCP_AUDIT_FILE, and what the store and the socket throw
 */
export async function serveMcp(options: ServeMcpOptions): Promise<McpServing> {
  const { url, http, env, stdin, stdout, stderr } = options
  const token = http === undefined ? undefined : AccessToken.read(http.tokenFile, env)
  const auditFile = preparedAuditFile(options.auditFile ?? defaultAuditFile(env))
  const opened = await openStore(url, {
    source: 'fastify-scs mcp',
    audit: { file: { path: auditFile } },
    logger: { level: 'warn', stream: stderr },
  })
  try {
    const parts = partsOf(opened)
    if (http !== undefined && token !== undefined) {
      const address = await serveHttp(opened.app, parts, token, http.port)
      const closed = new Promise<void>(() => {})
      return { address, auditFile, closed, close: opened.close }
    }
    const serving = serveStdio(parts, stdin, stdout)
    const close = async (): Promise<void> => {
      await serving.close()
      await opened.close()
    }
    return { auditFile, closed: serving.closed, close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

function partsOf({ app, store }: OpenedStore): ServerParts {
  const { redactor } = app.scs
  const gate = new QueryGate(QUERIES)
  const reader = new StoreReader((query) => gate.run(() => query(store)))
  return { reader, redactor, show: showWith(redactor), audit: new McpAudit(app), log: app.log }
}
