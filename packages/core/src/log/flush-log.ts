/** The part of a pino stream that is used: SonicBoom, ThreadStream and `multistream` have it. */
interface FlushableStream {
  readonly flushSync?: unknown
}

/**
 * Writes what a logger holds back before it returns. pino's own destination, Fastify's default, writes in the background: what
 * is logged while a process ends would not be written any more. Does nothing for another logger. Never throws.
 */
export function flushLog(log: object): void {
  try {
    const stream = streamOf(log)
    if (typeof stream?.flushSync === 'function') stream.flushSync()
  } catch {
    // The stream is not open yet, or its descriptor takes nothing: there is nobody left to tell.
  }
}

/** pino keeps its stream under a symbol, which is another one for each copy of pino in the process. */
function streamOf(log: object): FlushableStream | undefined {
  for (let holder: object | null = log; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) {
      if (symbol.description !== 'pino.stream') continue
      return (log as { readonly [symbol]?: FlushableStream })[symbol]
    }
  }
  return undefined
}
