import { closeSync, mkdirSync, rmdirSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import {
  FileOwner,
  narrowToOwner,
  openOwnedFile,
  refuseForeignLink,
} from '@fastify-scs/core/kit/plain'
import type { Sample } from './protocol.js'

/** The version of the lines. */
export const FORMAT = 1

/** A line of the file: the first one, or a sample. */
export type HangLine =
  | { readonly since: number; readonly limitMs: number }
  | { readonly sample: Sample }

/** The file, while there is one. */
interface OpenFile {
  readonly owner: FileOwner
  readonly path: string
  readonly fd: number
}

/**
 * What the watchdog writes while the main thread hangs, so that the next start of the service can tell it if the process ends before it
 * goes on. The file names its process and is locked for as long as that lives. Only its owner can read it. Nothing in it is secret: names
 * of functions, places in files, patterns of routes, ids of requests.
 */
export class HangFile {
  readonly #folder: string
  readonly #service: string
  #open: OpenFile | undefined

  constructor(folder: string, service: string) {
    this.#folder = folder
    this.#service = service
  }

  /** Adds a line. @throws what the file system says */
  write(line: HangLine): void {
    this.#open ??= this.#make()
    const { fd } = this.#open
    writeSync(fd, `${JSON.stringify({ format: FORMAT, service: this.#service, ...line })}\n`)
  }

  /** Shows other machines that the process lives. @throws what the file system says */
  touch(): void {
    if (this.#open === undefined) return
    const now = new Date()
    utimesSync(this.#open.path, now, now)
    this.#open.owner.touch()
  }

  /** Removes it, and the folder if nobody uses that. Never throws. */
  remove(): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    closeSync(open.fd)
    open.owner.unlock()
    try {
      rmSync(open.path, { force: true })
      rmdirSync(this.#folder)
    } catch {
      // Not empty, or gone.
    }
  }

  #make(): OpenFile {
    refuseForeignLink(this.#folder, 'folder')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    checkOwnFolder(this.#folder)
    const owner = new FileOwner(this.#folder)
    owner.lock()
    const path = owner.nextPath()
    return { owner, path, fd: openOwnedFile(path).fd }
  }
}

/** Checks that a folder belongs to this user, and takes the access of others away. @throws when it is another user's */
export function checkOwnFolder(folder: string): void {
  const { uid } = statSync(folder)
  if (process.geteuid !== undefined && uid !== process.geteuid())
    throw new Error(`the folder ${folder} belongs to another user`)
  narrowToOwner(folder)
}
