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

/** pino keeps its stream under a symbol, which is another one for each copy of pino in the process. */
function streamOf(log: object): LogStream | undefined {
  for (let holder: object | null = log; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) {
      if (symbol.description !== 'pino.stream') continue
      return (log as { readonly [symbol]?: LogStream })[symbol]
    }
  }
  return undefined
}
