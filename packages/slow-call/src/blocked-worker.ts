import { parentPort, workerData } from 'node:worker_threads'
import { HangFile } from './blocked/hang-file.js'
import { SharedState, type WatchdogStart } from './blocked/protocol.js'
import { StackSampler } from './blocked/stack-sampler.js'
import { Watchdog } from './blocked/watchdog.js'

if (parentPort !== null) {
  const { port, shared, lookKey, notOwn, folder, service } = workerData as WatchdogStart
  const state = new SharedState(shared)
  const file = new HangFile(folder, service)
  const watchdog = new Watchdog(state, new StackSampler(lookKey, notOwn), file, (message) =>
    port.postMessage(message),
  )
  watchdog.start()
  port.on('message', () => watchdog.adjust())
  // The main thread has closed its side: nobody watches any more.
  port.once('close', () => watchdog.stop())
}
