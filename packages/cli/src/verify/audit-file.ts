import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fieldAt, isObject, textAt } from '@fastify-scs/core/kit'
import type { StoreFinding } from '@fastify-scs/store'

/** Lines that are named. */
const NAMED = 5
const LINE_END = 10

/** Whether each line of a file of the audit log is a whole event. Reads line by line, whatever the size. */
export async function examineAuditFile(path: string): Promise<StoreFinding> {
  const what = 'audit file'
  try {
    let lines = 0
    const wrong: number[] = []
    for await (const line of createInterface({ input: createReadStream(path) })) {
      lines++
      if (!isEvent(line)) wrong.push(lines)
    }
    const isTorn = lines > 0 && !(await endsWithLineEnd(path))
    if (wrong.length === 0 && !isTorn)
      return { what, state: 'good', says: `all ${lines} lines of ${path} are whole events` }
    const named = wrong.slice(0, NAMED).join(', ')
    const broken =
      wrong.length > 0 ? `${wrong.length} of ${lines} lines are no events: ${named}` : ''
    const torn = isTorn ? 'the last line has no end' : ''
    return {
      what,
      state: 'bad',
      says: `${path}: ${[broken, torn].filter(Boolean).join('; ')}`,
      fix: 'Something else has written to the file, or the disk was full. The store has a copy of each event: "fastify-scs find audit".',
    }
  } catch (error) {
    const says = `${path} cannot be read: ${error instanceof Error ? error.message : error}`
    return { what, state: 'bad', says, fix: 'Name the file that the option audit.file.path names.' }
  }
}

function isEvent(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    const event = fieldAt(value, 'event')
    const texts = ['level', 'date', 'message', 'source'].map((name) => textAt(value, name))
    const isWhole = [...texts, textAt(event, 'type')].every((text) => text !== null)
    return (
      isWhole && isObject(fieldAt(event, 'details')) && !Number.isNaN(Date.parse(texts[1] ?? ''))
    )
  } catch {
    return false
  }
}

async function endsWithLineEnd(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
    return buffer[0] === LINE_END
  } finally {
    await file.close()
  }
}
