/**
 * Aborted at the first SIGINT or SIGTERM; a second one half a second later or more ends the process at once. One Ctrl-C arrives
 * twice: from the terminal and from pnpm, or from the process that has started this one.
 */
export function stopSignal() {
  const stop = new AbortController()
  let stoppedAt = 0
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => {
      if (!stop.signal.aborted) stoppedAt = performance.now()
      else if (performance.now() - stoppedAt > 500) process.exit(1)
      stop.abort()
    })
  }
  return stop.signal
}
