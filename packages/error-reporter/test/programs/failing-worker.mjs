import { parentPort } from 'node:worker_threads'

// A thread that reads code and fails.
parentPort.on('message', () => {
  throw new Error('out of memory')
})
