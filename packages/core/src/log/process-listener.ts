/**
 * Listens to an event of the process; the function that is returned ends it.
 *
 * The limit above which Node warns of a leak is raised by one meanwhile, so that many apps in one process cause no
 * warning, and the host's own listeners have as much room as before.
 */
export function listenToProcess(event: 'exit' | 'SIGHUP', listener: () => void): () => void {
  raiseLimit(1)
  process.on(event, listener)
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    process.off(event, listener)
    raiseLimit(-1)
  }
}

// 0 is no limit.
function raiseLimit(by: number): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(1, limit + by))
}
