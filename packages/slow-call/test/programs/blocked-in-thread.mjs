// Runs the service in a worker thread.
import { Worker } from 'node:worker_threads'

new Worker(new URL('blocked-server.mjs', import.meta.url), { argv: process.argv.slice(2) })
