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
  level: 'WARN',
  messageTemplate: '{caller} called the tool {tool} with wrong arguments: {problem}',
})

const refused = defineAuditEvent({
  type: 'mcp-client-refused',
  level: 'WARN',
  messageTemplate: '{caller} was refused: {problem}',
})

/** A call was not answered, since the audit file could not be written. */
export class UnauditedError extends Error {
  override readonly name = 'UnauditedError'
  readonly code = 'UNAUDITED'

  constructor() {
    super('The audit file cannot be written at the moment, so no call is answered')
  }
}

/**
 * Writes a line for each call, before it is answered. In a file of the server's own: the store is opened for reading only, and a user of
 * the database who may only read is enough.
 */
export class McpAudit {
  readonly #app: FastifyInstance
  /** Lines lost and attempts that failed, as far as they were seen. */
  #failures = 0

  constructor(app: FastifyInstance) {
    this.#app = app
    for (const event of [called, wronglyCalled, refused]) app.scs.registerAuditEvent(event)
  }

  /** A tool is about to run. @throws UnauditedError where no line says so: it must not run then */
  called(caller: string, tool: string, args: object): void {
    const details = { caller, tool, arguments: args }
    called(this.#app, details)
    const {
      pendingBytes = 0,
      dropped = 0,
      failed = 0,
    } = this.#app.scs.audit.stats().sinks.file ?? {}
    const isLost = pendingBytes > 0 || dropped + failed > this.#failures
    this.#failures = dropped + failed
    if (isLost) throw new UnauditedError()
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
