import { parentPort } from 'node:worker_threads'

// A thread that reads code and never answers.
parentPort.on('message', () => undefined)
