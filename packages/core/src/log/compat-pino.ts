import type { FastifyBaseLogger } from 'fastify'
import { symbols } from 'pino'

/*
 * What core uses of pino, and of loggers of its kind, beyond their documented API. Each thing here says what changes for an
 * application where a release of pino no longer has it; test/log/compat-pino.test.ts tells.
 */

/** The part of a pino stream that is used: SonicBoom, ThreadStream and `multistream` have some of it. */
interface LogStream {
  /** Whether SonicBoom writes before `write` returns. */
  sync?: unknown
  readonly flushSync?: unknown
  /** Of a multistream. */
  readonly streams?: unknown
}

/**
 * Makes a logger write before its methods return, for the last lines of a process. pino's own destination, Fastify's default,
 * writes in the background, and a line that is under way when the process ends may never be written. Does nothing for
 * another logger. Never throws.
 */
export function beginLastLines(log: object): void {
  forEachStream(log, (stream) => {
    if (stream.sync === false && typeof stream.flushSync === 'function') stream.sync = true
  })
}

/** Writes what a logger still holds back, behind a line that was under way. Never throws. */
export function endLastLines(log: object): void {
  forEachStream(log, (stream) => {
    if (typeof stream.flushSync === 'function') stream.flushSync()
  })
}

function forEachStream(log: object, visit: (stream: LogStream) => void): void {
  for (const stream of streamsOf(log)) {
    try {
      visit(stream)
    } catch {
      // It is not open yet, or its descriptor takes nothing: there is nobody left to tell.
    }
  }
}

function streamsOf(log: object): readonly LogStream[] {
  const stream = streamOf(log)
  if (stream === undefined) return []
  const { streams } = stream
  return Array.isArray(streams)
    ? (streams as { readonly stream: LogStream }[]).map((part) => part.stream)
    : [stream]
}

/**
 * pino keeps its stream under a symbol, which is another one for each copy of pino in the process. Without it the last lines of a
 * process that ends at once may be lost.
 */
function streamOf(log: object): LogStream | undefined {
  for (let holder: object | null = log; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) {
      if (symbol.description !== 'pino.stream') continue
      return (log as { readonly [symbol]?: LogStream })[symbol]
    }
  }
  return undefined
}

/**
 * Whether a line of a level would be written: describing an error for one that is not costs more than the answer.
 *
 * A logger of pino is asked. The one that Fastify has for `logger: false` cannot be: it has no level, and one empty function for
 * all of them. Where a release of Fastify gives it another form, errors are described for nobody and nothing else changes.
 */
export function willWrite(log: FastifyBaseLogger, level: 'info' | 'error'): boolean {
  const { isLevelEnabled: ask } = log as { isLevelEnabled?: unknown }
  if (typeof ask === 'function') return ask.call(log, level) === true
  return log.level !== undefined || log.error !== log.trace
}

/**
 * What pino has made of a logger's bindings: a piece of JSON such as `,"source":"orders","reqId":"req-1"`. Without the symbol they
 * are empty here: then bindings of children are written as they were given, not redacted, and each line says `"module":null`.
 */
export function bindingsOf(logger: object): string {
  return (logger as { readonly [symbols.chindingsSym]?: string })[symbols.chindingsSym] ?? ''
}

/** Replaces a logger's bindings. */
export function setBindings(logger: object, bindings: string): void {
  Object.assign(logger, { [symbols.chindingsSym]: bindings })
}
