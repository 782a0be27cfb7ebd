import { setImmediate } from 'node:timers'
import type { MessagePort } from 'node:worker_threads'
import { StoreUnavailableError } from '@fastify-scs/store/adapter'
import { chooseDriver } from '../driver/choose-driver.js'
import type { Connection, Driver } from '../driver/driver.js'
import { codedFailure, ENGINE, toWire } from '../failure.js'
import { FilePlace } from '../file/file-place.js'
import { openReadOnly, openToRead } from '../file/open-file.js'
import type { Answer, ReaderCall, Request, WorkerStart } from '../threads/protocol.js'
import { FileReader } from './file-reader.js'

/** Reads the file at a path; opens it again when another file is there. */
class ReaderWorker {
  readonly #driver: Driver
  readonly #start: WorkerStart
  #connection: Connection
  #reader: FileReader
  #place: FilePlace

  constructor(start: WorkerStart) {
    this.#start = start
    this.#driver = chooseDriver(start.driver)
    this.#connection = this.#open()
    this.#reader = this.#readerOf(this.#connection)
    this.#place = new FilePlace(start.path)
  }

  /** @throws a coded error */
  answer(call: ReaderCall): unknown {
    if (call.call === 'close') return this.#connection.close()
    try {
      if (!this.#place.isWholeSame()) this.#openAgain()
      return this.#reader.read(call)
    } catch (error) {
      throw codedFailure(error, this.#driver)
    }
  }

  #openAgain(): void {
    if (!this.#place.isThere())
      throw new StoreUnavailableError(
        ENGINE,
        `${this.#start.path} was deleted; the next write makes it again`,
      )
    this.#connection.close()
    this.#connection = this.#open()
    this.#reader = this.#readerOf(this.#connection)
    this.#place = new FilePlace(this.#start.path)
  }

  #open(): Connection {
    const open = this.#start.isReadOnly === true ? openReadOnly : openToRead
    return open(this.#driver, this.#start)
  }

  #readerOf(connection: Connection): FileReader {
    return new FileReader(connection, this.#start.queryTimeoutMs ?? Number.POSITIVE_INFINITY)
  }
}

/** Opens the file and answers one call after the other. */
export function startReader(port: MessagePort, start: WorkerStart): void {
  const answer = (message: Answer) => port.postMessage(message)
  try {
    const reader = new ReaderWorker(start)
    port.on('message', ({ id, call }: Request<ReaderCall>) => {
      try {
        answer({ ids: [id], value: reader.answer(call) })
      } catch (error) {
        answer({ ids: [id], failure: toWire(error as Error) })
      }
      // After the answer.
      if (call.call === 'close') setImmediate(() => port.close())
    })
    answer({ ids: [0] })
  } catch (error) {
    answer({ ids: [0], failure: toWire(error as Error) })
  }
}
