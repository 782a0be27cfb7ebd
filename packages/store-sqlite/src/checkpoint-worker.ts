import type { MessagePort } from 'node:worker_threads'
import { type CheckpointCall, type CheckpointStart, RESTS } from './checkpointer.js'
import { chooseDriver } from './driver/choose-driver.js'

/** Opens the file, and moves its log into it whenever it is asked. */
export function startCheckpointer(
  port: MessagePort,
  { path, driver, state }: CheckpointStart,
): void {
  const connection = chooseDriver(driver).open(path, { isReadOnly: false })
  connection.exec('PRAGMA synchronous = NORMAL')
  const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  port.on('message', (call: CheckpointCall) => {
    try {
      if (call === 'checkpoint') checkpoint.get()
      else connection.close()
    } catch {
      // A full disk or another process: what was committed is safe in the log, and the next insert says what is wrong.
    }
    if (call === 'close') port.close()
    Atomics.store(state, 0, RESTS)
    Atomics.notify(state, 0)
  })
}
