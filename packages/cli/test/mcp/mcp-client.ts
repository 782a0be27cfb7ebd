import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

/** The program as it is installed. */
export const PROGRAM = fileURLToPath(new URL('../../bin.mjs', import.meta.url))

/** The revision of the protocol that has no handshake. */
export type Revision = '2026-07-28'

/** What the tests read of the structured content, whatever the tool. */
export interface Structured {
  readonly computed: { readonly nextCursor: string | null; readonly verdict: string }
  readonly observed: { readonly prompt: string; readonly comparedWith: string }
  readonly items: readonly { readonly observed: { readonly id: string; readonly title: string } }[]
  readonly entries: readonly { readonly computed: { readonly what: string } }[]
  readonly groups: readonly { readonly observed: { readonly fingerprint: string } }[]
  readonly routes: readonly object[]
}

/** What a tool has answered. */
export interface Answer {
  readonly isError: boolean
  readonly text: string
  readonly data: Structured
}

/** A real client that is connected. */
export interface Connected {
  readonly client: Client
  call(tool: string, args?: object): Promise<Answer>
  close(): Promise<void>
}

/** Starts the program and connects to it by its standard input and output. */
export function overStdio(url: string, auditFile: string, revision?: Revision): Promise<Connected> {
  const args = [PROGRAM, 'mcp', '--store', url, '--audit-file', auditFile]
  return connected(new StdioClientTransport({ command: process.execPath, args }), revision)
}

/** Connects to a server that listens. */
export function overHttp(address: string, token: string, revision?: Revision): Promise<Connected> {
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  const transport = new StreamableHTTPClientTransport(new URL(address), { requestInit })
  return connected(transport, revision)
}

async function connected(
  transport: Parameters<Client['connect']>[0],
  revision?: Revision,
): Promise<Connected> {
  const client = new Client(
    { name: 'test client', version: '9.9.9' },
    // Without it a client speaks the protocol of 2025, with a handshake.
    revision === undefined ? {} : { versionNegotiation: { mode: { pin: revision } } },
  )
  await client.connect(transport)
  return {
    client,
    async call(name, args = {}) {
      const answer = await client.callTool({ name, arguments: { ...args } })
      const [content] = answer.content as readonly { readonly text?: string }[]
      const isError = answer.isError === true
      return {
        isError,
        text: content?.text ?? '',
        data: answer.structuredContent as unknown as Structured,
      }
    },
    close: () => client.close(),
  }
}
