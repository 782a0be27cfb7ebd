import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { AssetsError } from '../errors.js'

const compress = promisify(gzip)

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** A file of the page. */
export interface Asset {
  readonly type: string
  readonly body: Buffer
  /** The same, compressed with gzip. */
  readonly gzipped: Buffer
}

/** The built page: nothing but these files is served, so that no path can lead elsewhere. */
export interface Page {
  readonly html: string
  /** By the name below `assets/`. */
  readonly assets: ReadonlyMap<string, Asset>
}

/** Reads the built page into memory. @throws SCS_CONSOLE_ERR_ASSETS */
export async function readPage(folder: string | undefined): Promise<Page> {
  if (folder === undefined) throw new AssetsError('this bundle')
  const files = join(folder, 'assets')
  try {
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    const names = (await readdir(files)).filter((name) => extname(name) in TYPES)
    const assets = await Promise.all(
      names.map(async (name) => [name, await read(files, name)] as const),
    )
    return { html, assets: new Map(assets) }
  } catch (cause) {
    throw new AssetsError(folder, { cause })
  }
}

async function read(folder: string, name: string): Promise<Asset> {
  const body = await readFile(join(folder, name))
  const type = TYPES[extname(name)] ?? 'application/octet-stream'
  return { type, body, gzipped: await compress(body, { level: 9 }) }
}
