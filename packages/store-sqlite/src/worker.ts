import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { startCheckpointer } from './checkpoint-worker.js'
import type { WorkerRole, WorkerTask } from './protocol.js'
import { startReader } from './reader-worker.js'
import { startWriter } from './writer-worker.js'

const ROLES: { readonly [Role in WorkerRole]: (port: MessagePort, start: never) => void } = {
  writer: startWriter,
  reader: startReader,
  checkpointer: startCheckpointer,
}

// One module for all threads, so that a bundler needs one entry for them.
if (parentPort !== null) {
  const { role, start } = workerData as WorkerTask<unknown>
  ROLES[role](parentPort, start as never)
}
