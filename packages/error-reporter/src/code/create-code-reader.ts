import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Redactor } from '@fastify-scs/core'
import { audibleLog, show } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import { OptionsError } from '../errors.js'
import { foldersFrom } from '../release/folders.js'
import { CodeReader } from './code-reader.js'
import { codeWorkerUrl } from './code-worker-url.js'

/** What the option `code` says. */
export interface CodeOptions {
  readonly root?: string | undefined
  readonly workerUrl?: URL | string | undefined
}

/**
 * Makes what reads the lines of code for reports; undefined when it is switched off.
 *
 * @throws SCS_REPORTER_ERR_OPTIONS when the root that was named does not exist
 */
export function createCodeReader(
  options: CodeOptions | false,
  redactor: Redactor,
  log: FastifyBaseLogger,
): CodeReader | undefined {
  if (options === false) return undefined
  const root = rootOf(options)
  const real = realPathOf(root)
  if (real === undefined && options.root !== undefined) {
    throw new OptionsError('code.root', 'a folder that exists', show(options.root))
  }
  return new CodeReader({
    roots: [root, real ?? root],
    workerUrl: codeWorkerUrl(options.workerUrl),
    redactor,
    log: audibleLog(log),
  })
}

function realPathOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder)
  } catch {
    return undefined
  }
}

/**
 * The application's root: the one that was named, else the working directory. Where that is the root of the file system, as of a service of systemd
 * and in some containers, everything would be the application's: then it is the folder of the package that the main module lies in.
 */
export function rootOf(options: CodeOptions | false, main = process.argv[1]): string {
  if (options !== false && options.root !== undefined) return resolve(options.root)
  const folder = process.cwd()
  if (dirname(folder) !== folder || main === undefined) return folder
  const own = [...foldersFrom(dirname(resolve(main)))]
  return own.find((each) => existsSync(join(each, 'package.json'))) ?? folder
}
