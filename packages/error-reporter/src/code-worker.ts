import { parentPort, workerData } from 'node:worker_threads'
import type { CodeAnswer, CodeRequest, CodeThreadStart } from './code/protocol.js'
import { CodeFinder } from './source/code-finder.js'

// The thread that reads files and source maps for reports.
if (parentPort !== null) {
  const port = parentPort
  const finder = new CodeFinder(workerData as CodeThreadStart)
  port.on('message', ({ id, places, areMapped }: CodeRequest) => {
    port.postMessage({ id, found: finder.find(places, areMapped) } satisfies CodeAnswer)
  })
}
