import type { FastifyBaseLogger } from 'fastify'
import { symbols } from 'pino'

/*
 * Everything that core uses of pino and similar loggers beyond their documented API. Each comment says what an application loses
 * if a release of pino removes it; test/log/compat-pino.test.ts fails then.
 */

/** The fields of pino's streams that are used; SonicBoom, ThreadStream and `multistream` each have some of them. */
interface LogStream {
  /** Whether SonicBoom writes before `write` returns. */
  sync?: unknown
  readonly flushSync?: unknown
  /** The streams of a multistream. */
  readonly streams?: unknown
}

/**
 * Makes a logger write synchronously, for the last lines of a process. pino's own destination, which is Fastify's default, writes
 * in the background, so a line may be lost when the process ends. Does nothing for other loggers. Never throws.
 */
export function beginLastLines(log: object): void {
  forEachStream(log, (stream) => {
    if (stream.sync === false && typeof stream.flushSync === 'function') stream.sync = true
  })
}

/** Writes the lines that a logger has buffered. Never throws. */
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
      // The stream is not open yet, or its descriptor cannot be written. The process ends, so this is not reported.
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
 * pino keeps its stream under a symbol; each copy of pino in the process has a symbol of its own. Without it the last lines
 * of a process that ends at once may be lost.
 */
function streamOf(log: object): LogStream | undefined {
  const symbol = symbolOf(log, 'pino.stream')
  return symbol && (log as { readonly [symbol]?: LogStream })[symbol]
}

/** The symbol with this description by which a logger has something, of its own or of a logger that it was made of. */
export function symbolOf(log: object, description: string): symbol | undefined {
  for (let holder: object | null = log; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const found = Object.getOwnPropertySymbols(holder).find(
      (symbol) => symbol.description === description,
    )
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Whether a logger writes lines of this level. Describing an error for a line that is not written would cost more than the answer.
 *
 * A pino logger has `isLevelEnabled`. Fastify's logger for `logger: false` has not: it is recognised by its missing level and by its
 * methods, which are all the same empty function. If a release of Fastify changes that, errors are described although no line is
 * written; nothing else changes.
 */
export function willWrite(log: FastifyBaseLogger, level: 'info' | 'error'): boolean {
  const { isLevelEnabled: ask } = log as { isLevelEnabled?: unknown }
  if (typeof ask === 'function') return ask.call(log, level) === true
  return log.level !== undefined || log.error !== log.trace
}

/**
 * The bindings of a logger as pino has serialized them: a fragment of JSON such as `,"source":"orders","reqId":"req-1"`. If pino
 * removes the symbol, this returns an empty text: bindings of child loggers are then written unredacted, and each line has
 * `"module":null`.
 */
export function bindingsOf(logger: object): string {
  return (logger as { readonly [symbols.chindingsSym]?: string })[symbols.chindingsSym] ?? ''
}

/** Replaces the serialized bindings of a logger. */
export function setBindings(logger: object, bindings: string): void {
  Object.assign(logger, { [symbols.chindingsSym]: bindings })
}
