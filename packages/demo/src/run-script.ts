import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AuditEvent } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { type ScriptedRequest, script } from './script.js'

/** The headers of an answer that are printed. */
const SHOWN_HEADERS = ['allow', 'x-error-id']

interface LogLine {
  readonly level: string
  readonly message: string
  readonly errorType: string | null
}

/** How a run of the script follows the service. */
export interface ScriptRun {
  /** Aborted when the service is stopped: the script ends there. */
  readonly signal: AbortSignal
  /** Resolves when everything that follows an answer, such as a crash report, is done. */
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

/** Makes a function that reads the lines of a log file since its last call. */
export function lineReader<Line>(path: string): () => readonly Line[] {
  let seen = 0
  return () => {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(seen)
    const fresh = lines.filter((line) => line !== '')
    seen += fresh.length
    return fresh.map((line) => JSON.parse(line) as Line)
  }
}

/** Waits until a service has finished its requests. */
export interface AnswerWatch {
  /** Resolves when every request that has arrived has run its onResponse hooks. */
  settled(): Promise<void>
}

/** Counts the requests in progress: a client may have its answer before the onResponse hooks have run. */
export function watchAnswers(app: FastifyInstance): AnswerWatch {
  const events = new EventEmitter()
  let inProgress = 0
  app.addHook('onRequest', (_request, _reply, done) => {
    inProgress++
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    inProgress--
    events.emit('response')
    done()
  })
  return {
    settled: async () => {
      while (inProgress > 0) await once(events, 'response')
    },
  }
}
