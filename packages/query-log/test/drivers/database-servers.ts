import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

/** A real server of the test file's own, on 127.0.0.1; stopped when its tests are over. */
export interface DatabaseServer {
  readonly port: number
}

/** Where Debian puts servers; not always in the path of a user. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`
const ENVIRONMENT = { ...process.env, PATH }
const START_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 10_000

/** Redis of the package `redis-server`; undefined where it is not installed, which is printed. */
export async function startRedis(): Promise<DatabaseServer | undefined> {
  if (!isInstalled('redis-server', 'apt-get install redis-server')) return undefined
  return await startServer((folder, port) => ({
    command: 'redis-server',
    args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
  }))
}

/** MariaDB of the package `mariadb-server`; undefined where it is not installed, which is printed. */
export async function startMariadb(): Promise<DatabaseServer | undefined> {
  if (!isInstalled('mariadbd', 'apt-get install mariadb-server')) return undefined
  return await startServer(async (folder, port) => {
    const data = join(folder, 'data')
    // Two that share a folder for their temporary tables disturb each other.
    const own = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`]
    if (process.getuid?.() === 0) own.push('--user=root')
    const install = [...own, '--auth-root-authentication-method=normal', '--skip-test-db']
    await promisify(execFile)('mariadb-install-db', install, { env: ENVIRONMENT })
    const socket = `--socket=${join(folder, 'mariadb.sock')}`
    const speed = ['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M']
    const listen = [`--port=${port}`, '--bind-address=127.0.0.1', socket, '--skip-networking=0']
    return { command: 'mariadbd', args: [...own, ...listen, ...speed, '--max-connections=300'] }
  })
}

function isInstalled(command: string, install: string): boolean {
  const found = spawnSync(command, ['--version'], { env: ENVIRONMENT, stdio: 'ignore' })
  if (found.error === undefined) return true
  process.stderr.write(
    `\n${command} is not installed: tests that need it are SKIPPED. To run them: ${install}\n`,
  )
  return false
}

interface Start {
  readonly command: string
  readonly args: readonly string[]
}

async function startServer(
  prepare: (folder: string, port: number) => Start | Promise<Start>,
): Promise<DatabaseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'scs-query-log-'))
  const port = await freePort()
  const { command, args } = await prepare(folder, port)
  const server = spawn(command, args, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] })
  // The run may end without its hooks.
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  afterAll(async () => {
    await stop(server)
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  })
  await listening(server, port)
  return { port }
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  let said = ''
  for (const output of [server.stdout, server.stderr]) {
    output?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-2_000)
    })
  }
  const until = Date.now() + START_WITHIN_MS
  while (!(await canConnect(port))) {
    if (server.exitCode !== null || Date.now() > until)
      throw new Error(`${server.spawnfile} does not start: ${said}`)
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
