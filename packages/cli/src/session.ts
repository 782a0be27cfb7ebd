import { type OpenedStore, openStore } from '@fastify-scs/console/read'
import type { Command } from 'commander'
import { NoStoreError } from './errors.js'
import type { Io } from './io.js'
import { Output } from './output/output.js'
import type { WatchedSink } from './output/watched-sink.js'
import { wholeOf } from './times.js'

/** A read may take longer than in a service, which others wait for. */
const DEFAULT_TIMEOUT_SECONDS = '60'
const MAX_TIMEOUT_SECONDS = 3_600

/** The options that all commands have. */
interface GlobalOptions {
  readonly store?: string
  readonly json?: boolean
  readonly table?: boolean
  readonly timeout?: string
  readonly debug?: boolean
}

/** Declares the options that all commands have. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option('--store <url>', 'sqlite:./scs.db or postgres://user@host/database (or SCS_STORE_URL)')
    .option('--json', 'answer in JSON lines, also on a terminal')
    .option('--table', 'answer in tables and text, also into a pipe or file')
    .option('--timeout <seconds>', 'for one query of the store', DEFAULT_TIMEOUT_SECONDS)
    .option('--debug', 'show the stack of an error')
}

/** One run of the program: where it writes, and which store it reads. */
export class Session {
  readonly io: Io
  readonly #program: Command
  readonly #watched: WatchedSink
  #output: Output | undefined
  /** What the run returns to the shell where nothing is thrown. */
  exitCode = 0

  /** @param watched the standard output */
  constructor(io: Io, program: Command, watched: WatchedSink) {
    this.io = io
    this.#watched = watched
    this.#program = program
  }

  get output(): Output {
    const { json, table } = this.#options
    this.#output ??= new Output(
      this.io,
      this.#watched,
      json === true ? 'json' : table === true ? 'table' : undefined,
    )
    return this.#output
  }

  get isDebug(): boolean {
    return this.#options.debug === true
  }

  /** The store that is named. @throws NoStoreError */
  get url(): string {
    const url = this.#options.store ?? this.io.env.SCS_STORE_URL
    if (url === undefined || url === '') throw new NoStoreError()
    return url
  }

  /** Opens the store for reading: nothing in it is changed, not even its schema. @throws what the store throws */
  openForReading(): Promise<OpenedStore> {
    return openStore(this.url, { readOnly: true, source: 'cli', queryTimeoutMs: this.#timeoutMs })
  }

  /** Reads the store, and closes it. */
  async reading(work: (opened: OpenedStore) => Promise<void>): Promise<void> {
    await using(await this.openForReading(), work)
  }

  /** Changes the store, and closes it. */
  async changing(work: (opened: OpenedStore) => Promise<void>): Promise<void> {
    // To open for writing would make a file that is missing, and bring an old schema up to date: a service's part.
    const checked = await this.openForReading()
    await checked.close()
    const queryTimeoutMs = this.#timeoutMs
    await using(await openStore(this.url, { readOnly: false, source: 'cli', queryTimeoutMs }), work)
  }

  get #options(): GlobalOptions {
    return this.#program.opts<GlobalOptions>()
  }

  get #timeoutMs(): number {
    const { timeout = DEFAULT_TIMEOUT_SECONDS } = this.#options
    return wholeOf('--timeout', timeout, 1, MAX_TIMEOUT_SECONDS) * 1_000
  }
}

/** Works with something that is open, and closes it. */
export async function using<Opened extends { close(): Promise<void> }>(
  opened: Opened,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  try {
    await work(opened)
  } finally {
    await opened.close()
  }
}
