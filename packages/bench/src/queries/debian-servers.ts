import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Debian puts servers; not always in the path of a user. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` }
const START_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 10_000

/** A server of a Debian package, which a fresh machine has not. */
interface DebianServer {
  readonly command: string
  readonly package: string
  /** Prepares a folder of its own and returns what it is started with. */
  argumentsFor(folder: string, port: number): readonly string[]
}

/** A Redis that stores nothing on a disk. */
export const redis: DebianServer = {
  command: 'redis-server',
  package: 'redis-server',
  argumentsFor: (folder, port) =>
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder].concat('--save', ''),
}

/** What mysql2 talks to. */
export const mariadb: DebianServer = {
  command: 'mariadbd',
  package: 'mariadb-server',
  argumentsFor(folder, port) {
    // Two that share a folder for their temporary tables disturb each other.
    const own = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--tmpdir=${folder}`]
    if (process.getuid?.() === 0) own.push('--user=root')
    const install = [...own, '--auth-root-authentication-method=normal', '--skip-test-db']
    execFileSync('mariadb-install-db', install, { env, stdio: 'ignore' })
    const socket = `--socket=${join(folder, 'mariadb.sock')}`
    return [...own, `--port=${port}`, '--bind-address=127.0.0.1', socket, '--skip-networking=0']
  },
}

/**
 * Starts a server of its own on 127.0.0.1, hands its port over, and removes it whatever happens; where it is not installed, that is printed and
 * nothing is measured.
 */
export async function withServer<Result>(
  server: DebianServer,
  use: (port: number) => Promise<Result[]>,
): Promise<Result[]> {
  if (spawnSync(server.command, ['--version'], { env, stdio: 'ignore' }).error !== undefined) {
    console.error(
      `SKIPPED: ${server.command} is not installed. To measure it: apt-get install ${server.package}`,
    )
    return []
  }
  const folder = await mkdtemp(join(tmpdir(), 'fastify-scs-bench-'))
  try {
    const port = await freePort()
    const args = server.argumentsFor(folder, port)
    const running = spawn(server.command, args, { env, stdio: 'ignore' })
    try {
      await listening(running, port)
      return await use(port)
    } finally {
      await stop(running)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + START_WITHIN_MS
  while (!(await canConnect(port))) {
    if (server.exitCode !== null || Date.now() > until)
      throw new Error(`${server.spawnfile} does not start`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  const late = setTimeout(() => server.kill('SIGKILL'), STOP_WITHIN_MS)
  await exit
  clearTimeout(late)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
