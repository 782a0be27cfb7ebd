import { closeSync, mkdirSync, openSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { defineAuditEvent } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { AuditFileError } from './errors.js'

const called = defineAuditEvent({
  type: 'mcp-tool-called',
  level: 'INFO',
  messageTemplate: '{caller} called the tool {tool}',
})

const wronglyCalled = defineAuditEvent({
  type: 'mcp-tool-refused',
  level: 'WARNING',
  messageTemplate: '{caller} called the tool {tool} with wrong arguments: {problem}',
})

const refused = defineAuditEvent({
  type: 'mcp-client-refused',
  level: 'WARNING',
  messageTemplate: '{caller} was refused: {problem}',
})

/**
 * Writes a line for each call, before it is answered. In a file of the server's own: the store is opened for reading only, and a user of
 * the database who may only read is enough.
 */
export class McpAudit {
  readonly #app: FastifyInstance

  constructor(app: FastifyInstance) {
    this.#app = app
    for (const event of [called, wronglyCalled, refused]) app.scs.registerAuditEvent(event)
  }

  /** A tool is about to run. */
  called(caller: string, tool: string, args: object): void {
    const details = { caller, tool, arguments: args }
    called(this.#app, details)
  }

  /** A tool does not run: its arguments are wrong. */
  wronglyCalled(caller: string, tool: string, problem: string): void {
    wronglyCalled(this.#app, { caller, tool, problem })
  }

  /** A client may not call at all. */
  refused(caller: string, problem: string): void {
    refused(this.#app, { caller, problem })
  }
}

/** Where the audit file is as long as nobody says: with the state of this user's programs, as the XDG Base Directory Specification has it. */
export function defaultAuditFile(env: Readonly<Record<string, string | undefined>>): string {
  const state = env.XDG_STATE_HOME
  const folder = state === undefined || state === '' ? join(homedir(), '.local', 'state') : state
  return join(folder, 'fastify-scs', 'mcp-audit.log')
}

/** Makes the folder of an audit file and tries to open the file. @returns its whole path @throws AuditFileError */
export function preparedAuditFile(path: string): string {
  const whole = resolve(path)
  try {
    mkdirSync(dirname(whole), { recursive: true, mode: 0o700 })
    closeSync(openSync(whole, 'a', 0o600))
  } catch (error) {
    throw new AuditFileError(whole, error instanceof Error ? error.message : String(error))
  }
  return whole
}
