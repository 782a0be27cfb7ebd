import type { AuditEvent } from '@fastify-scs/core'
import { lineReader } from './line-reader.js'
import { type ScriptedRequest, script } from './script.js'

/** Headers of an answer that the demo has something to say by. */
const SHOWN_HEADERS = ['allow', 'x-error-id']

interface LogLine {
  readonly level: string
  readonly message: string
  readonly errorType: string | null
}

/** What a run of the script needs to know of the service. */
export interface ScriptRun {
  /** Aborted when the service is stopped: the script ends there. */
  readonly signal: AbortSignal
  /** Resolves when all that a request causes after its answer, such as a crash report, is done. */
  readonly settled: () => Promise<void>
}

/**
 * Sends the scripted requests and prints each with its answer, its audit lines and its error lines.
 *
 * @throws the signal's reason when the service is stopped meanwhile
 */
export async function runScript(
  address: string,
  paths: { readonly auditLog: string; readonly applicationLog: string },
  print: (text: string) => void,
  { signal, settled }: ScriptRun,
): Promise<void> {
  const auditLines = lineReader<AuditEvent>(paths.auditLog)
  const logLines = lineReader<LogLine>(paths.applicationLog)
  logLines()
  for (const request of script) {
    const { title, method, path, body } = request
    print(`\n# ${title}\n> ${method} ${path}${body === undefined ? '' : ` ${body}`}`)
    print(`< ${await send(address, request, signal)}`)
    await settled()
    for (const { level, message, event } of auditLines()) {
      print(`  audit ${level}: ${message}\n        ${event.type} ${JSON.stringify(event.details)}`)
    }
    for (const { level, message, errorType } of logLines()) {
      if (level !== 'ERROR') continue
      print(`  log ${level}: ${errorType === null ? '' : `${errorType}: `}${message}`)
    }
  }
}

async function send(
  address: string,
  request: ScriptedRequest,
  signal: AbortSignal,
): Promise<string> {
  const { method, path, headers = {}, body } = request
  const init = { method, headers, signal, ...(body ? { body } : {}) }
  const answer = await fetch(`${address}${path}`, init)
  const shown = SHOWN_HEADERS.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [`\n  ${name}: ${value}`]
  })
  return `${answer.status} ${answer.statusText} ${await answer.text()}${shown.join('')}`
}
