/** Called with an error that nobody has caught; `isLast` when the process ends by it. */
export type ProcessErrorListener = (error: unknown, origin: string, isLast: boolean) => void

/**
 * Listens for uncaught exceptions and rejections without catching them: Node goes on to do what it would have done. The
 * function that is returned ends it.
 */
export function listenForProcessErrors(listener: ProcessErrorListener): () => void {
  const onError = (error: unknown, origin: string): void => {
    const isCaught =
      process.listenerCount('uncaughtException') > 0 ||
      process.hasUncaughtExceptionCaptureCallback()
    try {
      listener(error, origin, !isCaught)
    } catch {
      // Throwing here would hide the error that is being reported.
    }
  }
  process.on('uncaughtExceptionMonitor', onError)
  return () => void process.off('uncaughtExceptionMonitor', onError)
}
