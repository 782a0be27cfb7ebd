import type { AuditEvent } from '@fastify-scs/core'
import { lineReader } from './line-reader.js'
import { type ScriptedRequest, script } from './script.js'

interface LogLine {
  readonly level: string
  readonly message: string
  readonly errorType: string | null
}

/** Sends the scripted requests and prints each with its answer, its audit lines and its error lines. */
export async function runScript(
  address: string,
  paths: { readonly auditLog: string; readonly applicationLog: string },
  print: (text: string) => void,
): Promise<void> {
  const auditLines = lineReader<AuditEvent>(paths.auditLog)
  const logLines = lineReader<LogLine>(paths.applicationLog)
  logLines()
  for (const request of script) {
    const { title, method, path, body } = request
    print(`\n# ${title}\n> ${method} ${path}${body === undefined ? '' : ` ${body}`}`)
    print(`< ${await send(address, request)}`)
    for (const { level, message, event } of auditLines()) {
      print(`  audit ${level}: ${message}\n        ${event.type} ${JSON.stringify(event.details)}`)
    }
    for (const { level, message, errorType } of logLines()) {
      if (level === 'ERROR') print(`  log ${level}: ${errorType}: ${message}`)
    }
  }
}

async function send(address: string, request: ScriptedRequest): Promise<string> {
  const { method, path, headers = {}, body } = request
  const answer = await fetch(`${address}${path}`, { method, headers, ...(body ? { body } : {}) })
  return `${answer.status} ${answer.statusText} ${await answer.text()}`
}
