import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WORKSPACE } from './workspace.js'

const OURS = join(WORKSPACE, 'packages/store-sqlite/node_modules/better-sqlite3')

/** Puts better-sqlite3 into a project, built for a binary of Node that has no SQLite of its own. */
export function linkSqliteDriver(folder: string, binary: string): void {
  const link = join(folder, 'node_modules', 'better-sqlite3')
  rmSync(link, { force: true })
  const [abi, hasOwn] = execFileSync(
    binary,
    [
      '-p',
      'process.versions.modules + " " + require("module").builtinModules.includes("node:sqlite")',
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split(' ')
  if (hasOwn === 'true') return
  // The workspace's is built for the Node that runs this.
  symlinkSync(abi === process.versions.modules ? realpathSync(OURS) : build(binary, `${abi}`), link)
}

/** Compiles it for another Node, which takes a minute, once. */
function build(binary: string, abi: string): string {
  const prefix = join(tmpdir(), 'scs-better-sqlite3', abi)
  const built = join(prefix, 'node_modules', 'better-sqlite3')
  if (existsSync(join(built, 'build', 'Release', 'better_sqlite3.node'))) return built
  mkdirSync(prefix, { recursive: true })
  const folderOfNode = join(binary, '..', '..')
  execFileSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--prefix', prefix, 'better-sqlite3@12'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        PATH: `${join(binary, '..')}:${process.env.PATH}`,
        // The headers are in the package of the binary: nothing is fetched from elsewhere.
        npm_config_nodedir: folderOfNode,
      },
    },
  )
  return built
}
