import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { ended, PREAMBLE, startProgram } from './run-program.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-hang-up-'))
  path = join(folder, 'some.log')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SIGNAL_ITSELF = `
renameSync(path, path + '.moved')
process.kill(process.pid, 'SIGHUP')
await new Promise((resolve) => setTimeout(resolve, 100))
console.log(existsSync(path) ? 'reopened' : 'not reopened')
`

// The programs are started without a terminal, as a service is.
it.each([
  ['audit', `await Fastify().register(scs, { audit: { file: { path } } })`],
  ['application', `Fastify({ logger: scsLogger({ file: { path } }) })`],
])(
  'SIGHUP opens the file of the %s log again at once, and does not end the process',
  async (_name, open) => {
    const { stdout, signal } = await ended(startProgram(open + SIGNAL_ITSELF, path))
    expect([stdout, signal]).toEqual(['reopened\n', null])
  },
)

it.each([
  ['the option says so', `{ path, reopenOnSighup: false }`, ''],
  ['the app is closed', `{ path }`, 'await app.close()'],
])('SIGHUP ends the process when %s', async (_when, file, then) => {
  const { signal } = await ended(
    startProgram(
      `const app = Fastify(); await app.register(scs, { audit: { file: ${file} } }); ${then}
       ${SIGNAL_ITSELF}`,
      path,
    ),
  )
  expect(signal).toBe('SIGHUP')
})

it.skipIf(!existsSync('/usr/bin/script'))(
  'SIGHUP ends a process with a controlling terminal, which sends it when it is closed',
  async () => {
    const program = join(folder, 'program.mjs')
    writeFileSync(
      program,
      `${PREAMBLE.replace('process.argv[1]', 'process.argv[2]')}
    await Fastify().register(scs, { audit: { file: { path } } })
    console.log('terminal ' + process.stdout.isTTY)
    ${SIGNAL_ITSELF}`,
    )
    const command = `'${process.execPath}' '${program}' '${path}'`
    const { stdout } = await ended(spawn('/usr/bin/script', ['-qec', command, '/dev/null']))
    expect(stdout).toContain('terminal true')
    expect(stdout).not.toContain('reopened')
  },
)

it('SIGHUP opens every file of many apps again, and Node does not warn of a leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  const limit = process.getMaxListeners()
  // The files of one process share a listener; an app of another test file may still have it there.
  const before = process.listeners('SIGHUP')
  const own = (): void => undefined
  process.on('SIGHUP', own)
  const built = await Promise.all(
    Array.from({ length: 25 }, (_, i) =>
      buildApp({ audit: { file: { path: `${path}.${i}`, reopenOnSighup: true } } }),
    ),
  )
  for (const i of built.keys()) renameSync(`${path}.${i}`, `${path}.${i}.moved`)
  process.emit('SIGHUP')
  expect([...built.keys()].filter((i) => existsSync(`${path}.${i}`))).toHaveLength(25)
  await Promise.all(built.map(({ app }) => app.close()))
  await new Promise((resolve) => setImmediate(resolve))
  expect(process.listeners('SIGHUP')).toEqual([...before, own])
  expect([warnings, process.getMaxListeners()]).toEqual([[], limit])
  process.off('warning', onWarning).off('SIGHUP', own)
})
