import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transform } from 'esbuild'
import { findExamples } from '../examples/find-examples.js'
import { type StoryProcess, startProgram } from './story-process.js'

// The packages are found from there, as from an application's own folder.
const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'guides')

/** What a program of a guide is given. */
export interface GuideOptions {
  /** The working directory; a relative `sqlite:` leads there. */
  readonly folder: string
  /** What stands in the place of other machines: `{ 'https://api.example.com': 'http://127.0.0.1:4711' }`. */
  readonly origins?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the whole program of a guide whose core has this source, in a process of its own. */
export async function startGuideProgram(
  page: string,
  source: string,
  { folder, origins = {}, env = {} }: GuideOptions,
): Promise<StoryProcess> {
  const [program, ...more] = findExamples().filter(
    (example) => example.page === page && example.code.includes(`source: '${source}'`),
  )
  if (program === undefined || more.length > 0) throw new Error(`no one program ${source}: ${page}`)
  let { code } = program
  for (const [origin, here] of Object.entries(origins)) {
    if (!code.includes(origin)) throw new Error(`${page}:${program.line} does not call ${origin}`)
    code = code.replaceAll(origin, here)
  }
  code = code.replace(/\bport: \d+/g, "port: 0, host: '127.0.0.1'")
  const made = await transform(`${code}\nexport { app }\n`, { loader: 'ts', format: 'esm' })
  mkdirSync(CACHE, { recursive: true })
  const file = join(CACHE, `${source}-${process.pid}.mjs`)
  writeFileSync(file, made.code)
  return startProgram('guide-program', folder, { file: pathToFileURL(file).href, env })
}
