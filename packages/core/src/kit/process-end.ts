import { beginLastLines, endLastLines } from '../log/compat-pino.js'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

// At module level, because there is one process: it gets one listener of each kind for any number of applications and plugins.
const lastCalls = new Map<() => void, object>()

/**
 * Calls back when the process ends: by `process.exit`, an uncaught exception, an empty event loop, or a signal that nobody else
 * handles. The call must be synchronous and must not throw. The last one registered is called first, as with `onClose`: a
 * plugin may still hand something to one that was registered before it. What the calls log is written before the process
 * ends. The returned function takes the call back.
 */
export function onProcessEnd(lastCall: () => void, log: object): () => void {
  if (lastCalls.size === 0) listen()
  lastCalls.set(lastCall, log)
  return () => {
    if (lastCalls.delete(lastCall) && lastCalls.size === 0) unlisten()
  }
}

function listen(): void {
  process.on('exit', callAll)
  // Before the others, so that a listener that another library added with `once` is still counted.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal)
}

function unlisten(): void {
  process.off('exit', callAll)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}

function callAll(): void {
  const logs = new Set(lastCalls.values())
  for (const log of logs) beginLastLines(log)
  const called = new Set<() => void>()
  // A last call may register another one, for a line about what it could not keep.
  for (let next = newest(called); next !== undefined; next = newest(called)) {
    called.add(next)
    next()
  }
  for (const log of logs) endLastLines(log)
}

function newest(called: ReadonlySet<() => void>): (() => void) | undefined {
  return [...lastCalls.keys()].findLast((lastCall) => !called.has(lastCall))
}

function onSignal(signal: NodeJS.Signals): void {
  // Another listener decides what the signal means: it closes the application or ends the process.
  if (process.listenerCount(signal) > 1) return
  callAll()
  unlisten()
  process.kill(process.pid, signal)
}
