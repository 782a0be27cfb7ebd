// A service whose bundle is CommonJS: what a bundler leaves out lies beside it, and is named by its path.
import { join } from 'node:path'
import { tell } from './service.mjs'

tell({
  workerUrl: join(__dirname, 'worker.js'),
  codeWorkerUrl: join(__dirname, 'code-worker.js'),
  blockedWorkerUrl: join(__dirname, 'blocked-worker.js'),
  pageFolder: join(__dirname, 'page'),
})
