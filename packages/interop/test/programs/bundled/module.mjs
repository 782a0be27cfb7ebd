// A service whose bundle is a module: what a bundler leaves out lies beside it, and is named as docs/guides/interoperation.md says.
import { tell } from './service.mjs'

await tell({
  workerUrl: new URL('./worker.js', import.meta.url),
  codeWorkerUrl: new URL('./code-worker.js', import.meta.url),
  blockedWorkerUrl: new URL('./blocked-worker.js', import.meta.url),
  pageFolder: new URL('./page', import.meta.url),
})
