import type { FastifyBaseLogger } from 'fastify'
import { isAtLeast, type LevelNames, levelInLine } from '../log/level.js'
import type { LineSinkStats } from '../log/line-sink.js'
import { printableLine } from '../log/printable-text.js'
import { errorForLog } from '../log/redacted-error.js'
import type { SinkOptions } from '../log/sink-options.js'
import { type OpenSink, openSinks, type SinkName } from '../log/sinks.js'
import type { Redactor } from '../redact/redactor.js'
import type { AuditEvent } from './audit-event.js'

/** Counts of the audit log. */
export interface AuditStats {
  /** Events added. */
  readonly events: number
  /** The counts of each open sink. */
  readonly sinks: { readonly [Name in SinkName]?: LineSinkStats }
}

/** The audit log of one app: each event is one JSON line, written before `write` returns. */
export class AuditLog {
  readonly #sinks: readonly OpenSink[]
  readonly #levelNames: LevelNames
  #events = 0

  constructor(sinks: readonly OpenSink[], levelNames: LevelNames = 'pino') {
    this.#sinks = sinks
    this.#levelNames = levelNames
  }

  /** Writes an event to every sink that shows its level. Never throws. */
  write(event: AuditEvent): void {
    this.#events++
    let line: string | undefined
    for (const { level, sink } of this.#sinks) {
      if (!isAtLeast(event.level, level)) continue
      line ??= printableLine(`${JSON.stringify(this.#shown(event))}\n`)
      sink.write(line)
    }
  }

  #shown(event: AuditEvent): object {
    if (this.#levelNames === 'pino') return event
    return { ...event, level: levelInLine(event.level, this.#levelNames) }
  }

  stats(): AuditStats {
    const sinks = this.#sinks.map(({ name, sink }) => [name, sink.stats()] as const)
    return { events: this.#events, sinks: Object.fromEntries(sinks) }
  }

  /** Opens its file anew at its path. Never throws. */
  reopen(): void {
    for (const { sink } of this.#sinks) sink.reopen()
  }

  close(): void {
    for (const { sink } of this.#sinks) sink.close()
  }
}

/**
 * Opens the audit log. When a sink begins to fail, the application's log gets one line, and one when it works again.
 *
 * @throws SCS_ERR_LOG_FILE when its file cannot be opened
 */
export function openAuditLog(
  options: SinkOptions | false,
  log: FastifyBaseLogger,
  redactor: Redactor,
): AuditLog {
  if (options === false) return new AuditLog([])
  const sinks = openSinks(options, (sink) => ({
    onFailure: (error) => {
      const err = errorForLog(error, redactor)
      log.error({ err, sink }, 'the audit log cannot be written; its lines wait')
    },
    onRecovery: () => log.warn({ sink }, 'the audit log is written again'),
    onLoss: (lines, reason) =>
      log.error({ sink, lines, reason }, 'the audit log has lost the lines that still waited'),
    onWarning: (text) => log.warn({ sink }, `the audit log warns: ${text}`),
  }))
  return new AuditLog(sinks, options.levelNames)
}
