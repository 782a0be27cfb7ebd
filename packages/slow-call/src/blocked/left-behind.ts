import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { FileOwner, orphansIn, refuseForeignLink, removeDeadLocks } from '@fastify-scs/core/kit'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { checkOwnFolder, FORMAT } from './hang-file.js'
import type { Block } from './protocol.js'

/** A file that is larger was not written by this package. */
const MAX_FILE_BYTES = 1_048_576
/** Files that are told of at one start. */
const MAX_FILES = 20

const text = Type.String({ maxLength: 2_048 })
const openCall = Type.Object({ endpoint: text, requestId: text, ageMs: Type.Number() })
const frame = Type.Object({ name: text, url: text, line: Type.Number(), column: Type.Number() })
const sample = Type.Object({
  atMs: Type.Number(),
  isLate: Type.Boolean(),
  frames: Type.Array(frame, { maxItems: 64 }),
  handler: Type.Union([frame, Type.Null()]),
  look: Type.Union([
    Type.Null(),
    Type.Object({
      request: Type.Union([
        Type.Null(),
        Type.Intersect([openCall, Type.Object({ method: text, route: text, key: Type.Number() })]),
      ]),
      inFlight: Type.Array(openCall, { maxItems: 20 }),
      isDebugged: Type.Boolean(),
    }),
  ]),
})
const format = Type.Literal(FORMAT)
const firstLine = Type.Object({
  format,
  service: text,
  since: Type.Number({ minimum: 0, maximum: 8.64e15 }),
  limitMs: Type.Number(),
})
const sampleLine = Type.Object({ format, service: text, sample })

/** What a process that is gone has left. */
export interface LeftBlock {
  readonly block: Block
  readonly limitMs: number
}

/**
 * Takes what the processes of a service that did not survive a blocked event loop have left in a folder. Of several processes that start
 * at once each file goes to one. `onRefused` is told of files that are not what they should be.
 *
 * @throws what the file system says
 */
export async function takeLeftBlocks(
  folder: string,
  service: string,
  onRefused: (path: string, why: string) => void,
): Promise<LeftBlock[]> {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return []
  refuseForeignLink(folder, 'folder')
  checkOwnFolder(folder)
  const owner = new FileOwner(folder)
  const left: LeftBlock[] = []
  for (const name of (await orphansIn(folder, owner)).slice(0, MAX_FILES)) {
    const path = join(folder, name)
    try {
      const block = claimed(path, owner.nextPath(), service)
      if (block !== undefined) left.push(block)
    } catch (error) {
      onRefused(path, (error as Error).message)
    }
  }
  await removeDeadLocks(folder, owner)
  removeIfEmpty(folder)
  return left
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Another process uses it.
  }
}

/** Reads a file and removes it; undefined when another process was faster. @throws when it is not what it should be */
function claimed(path: string, mine: string, service: string): LeftBlock | undefined {
  try {
    renameSync(path, mine)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return parsedBlock(readOwn(mine), service)
  } finally {
    rmSync(mine, { force: true })
  }
}

function readOwn(path: string): string {
  const fd = openSync(path, 'r')
  try {
    const { size, uid } = fstatSync(fd)
    if (process.geteuid !== undefined && uid !== process.geteuid())
      throw new Error('it belongs to another user')
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, ${MAX_FILE_BYTES} at most`)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/** The block that the lines tell of. The last line may be torn: the process was killed while it was written. @throws when they are not what they should be */
function parsedBlock(content: string, service: string): LeftBlock {
  const [head, ...rest] = content.split('\n').slice(0, -1)
  const first = lineOf(head ?? '', firstLine)
  if (first === undefined) throw new Error('its first line cannot be read')
  if (first.service !== service) throw new Error(`it is of the service ${first.service}`)
  const samples = rest.flatMap((line) => lineOf(line, sampleLine)?.sample ?? [])
  if (samples.length < rest.length) throw new Error('one of its lines cannot be read')
  const blockedMs = Math.max(first.limitMs, samples.at(-1)?.atMs ?? 0)
  return { block: { since: first.since, blockedMs, cpuMs: null, samples }, limitMs: first.limitMs }
}

function lineOf<Schema extends typeof firstLine | typeof sampleLine>(
  line: string,
  schema: Schema,
): Static<Schema> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return Value.Check(schema, value) ? value : undefined
  } catch {
    return undefined
  }
}
