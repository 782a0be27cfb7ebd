import { parentPort } from 'node:worker_threads'

// A thread that reads code and takes ever more memory.
parentPort.on('message', () => {
  for (const all = []; ; ) all.push(new Array(1_000_000).fill(0))
})
