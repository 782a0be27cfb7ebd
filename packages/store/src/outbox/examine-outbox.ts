import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { loadAdapterPackage } from '../load-adapter.js'
import { outboxNameOf } from '../options.js'
import type { StoreFinding } from '../port.js'

const NO_LOG = { info() {}, warn() {}, error() {} }

/**
 * The folder in which a service that runs in this working directory keeps what it cannot store.
 *
 * @param resolveFrom as that of `loadAdapterPackage`
 * @throws UrlError, AdapterMissingError
 */
export async function outboxFolderOf(url: string, resolveFrom?: string): Promise<string> {
  const { createStoreAdapter } = await loadAdapterPackage(url, resolveFrom)
  const { traits } = createStoreAdapter({ url, options: {}, log: NO_LOG })
  return traits.outboxPath ?? outboxNameOf(url)
}

/** Says how many records wait in the files of an outbox, and whether all of their lines can be read. Changes nothing. */
export async function examineOutbox(folder: string): Promise<StoreFinding> {
  const what = 'outbox'
  if (!existsSync(folder)) return { what, state: 'good', says: 'nothing waits: there is no outbox' }
  try {
    let records = 0
    let torn = 0
    const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
    for (const name of files) {
      for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
        if (line === '') continue
        if (isRecord(line)) records++
        else torn++
      }
    }
    if (torn > 0) {
      const says = `${records} records wait in ${folder}, and ${torn} lines cannot be read`
      const fix =
        'A process died while it wrote them, or the disk was full; the other records are stored by the next start of the service.'
      return { what, state: 'bad', says, fix }
    }
    if (records === 0) return { what, state: 'good', says: 'nothing waits in it' }
    const says = `${records} records wait in ${folder}`
    const fix =
      'A service that runs stores them once the database takes records; otherwise start it in the same folder.'
    return { what, state: 'warning', says, fix }
  } catch (error) {
    const says = `${folder} cannot be read: ${error instanceof Error ? error.message : error}`
    return { what, state: 'bad', says, fix: 'Run this as the user of the service.' }
  }
}

function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value
  } catch {
    return false
  }
}
