import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { startReader } from './reader/reader-worker.js'
import type { WorkerRole, WorkerTask } from './threads/protocol.js'
import { startCheckpointer } from './writer/checkpointer.js'
import { startWriter } from './writer/writer-worker.js'

const ROLES: { readonly [Role in WorkerRole]: (port: MessagePort, start: never) => void } = {
  writer: startWriter,
  reader: startReader,
  checkpointer: startCheckpointer,
}

// One module for all threads, so that a bundler needs a single entry for them.
if (parentPort !== null) {
  const { role, start } = workerData as WorkerTask<unknown>
  ROLES[role](parentPort, start as never)
}
