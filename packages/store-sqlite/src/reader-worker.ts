import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { chooseDriver } from './driver/choose-driver.js'
import type { Connection } from './driver/driver.js'
import { codedFailure } from './failure.js'
import { FileReader } from './file-reader.js'
import { openToRead } from './open-file.js'
import type { Answer, ReaderCall, Request, WorkerStart } from './protocol.js'
import { toWire } from './wire-failure.js'

/** Opens the file and answers one call after the other. */
function start(port: MessagePort, options: WorkerStart): void {
  try {
    const driver = chooseDriver(options.driver)
    const connection = openToRead(driver, options)
    const reader = new FileReader(connection)
    port.on('message', ({ id, call }: Request<ReaderCall>) => {
      try {
        port.postMessage({
          ids: [id],
          value: answer(call, reader, connection, port),
        } satisfies Answer)
      } catch (error) {
        port.postMessage({
          ids: [id],
          failure: toWire(codedFailure(error, driver)),
        } satisfies Answer)
      }
    })
    port.postMessage({ ids: [0] } satisfies Answer)
  } catch (error) {
    port.postMessage({ ids: [0], failure: toWire(error as Error) } satisfies Answer)
  }
}

function answer(
  call: ReaderCall,
  reader: FileReader,
  connection: Connection,
  port: MessagePort,
): unknown {
  switch (call.call) {
    case 'find':
      return reader.find(call.kind, call.filter)
    case 'get':
      return reader.get(call.kind, call.id)
    case 'buckets':
      return reader.buckets(call.kind, call.query)
    case 'size':
      return reader.size()
    case 'close':
      connection.close()
      // After the answer.
      setImmediate(() => port.close())
  }
  return undefined
}

if (parentPort !== null) start(parentPort, workerData as WorkerStart)
