import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ended, startProgram } from './run-program.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-torn-'))
  path = join(folder, 'some.log')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const AUDIT = `
const app = Fastify()
await app.register(scs, { audit: { file: { path } } })
app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: '{n}' })
const write = (n) => app.scs.addAuditEvent('seen', { n, pad: 'some text' })
`
const APPLICATION = `
const app = Fastify({ logger: scsLogger({ file: { path } }) })
const write = (n) => app.log.info({ pad: 'some text' }, String(n))
`
const UNTIL_TORN = `
for (let n = 1; n <= 20; n++) write(n)
console.log('torn')
`

/** The numbers of the lines that can be read, and those that cannot. */
function linesIn(file: string): { numbers: number[]; broken: string[] } {
  const numbers: number[] = []
  const broken: string[] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line !== '') numbers.push(Number(JSON.parse(line).message))
    } catch {
      broken.push(line)
    }
  }
  return { numbers, broken }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

// Beyond the limit on the size of a file a write takes what still fits, then fails with EFBIG, as on a full disk.
it.each([
  ['audit', AUDIT],
  ['application', APPLICATION],
])(
  'the first line after one that an earlier process left incomplete is whole (%s)',
  async (_name, open) => {
    await ended(startProgram(`${open}${UNTIL_TORN}process.kill(process.pid, 'SIGKILL')`, path, 1))
    expect(statSync(path).size).toBe(1024)
    await ended(startProgram(`${open}write(100); write(101)`, path))
    const { numbers, broken } = linesIn(path)
    expect(numbers.slice(-2)).toEqual([100, 101])
    expect(broken).toHaveLength(1)
  },
)

it.each<[string, (file: string) => readonly string[]]>([
  ['is completed when there is room again', (file) => [file]],
  [
    'is written again as a whole when the file has been moved meanwhile',
    (file) => {
      renameSync(file, `${file}.moved`)
      return [`${file}.moved`, file]
    },
  ],
])('an incomplete line %s', async (_what, change) => {
  const child = startProgram(
    `${AUDIT}${UNTIL_TORN}
    process.stdin.once('data', async () => { await app.close(); process.exit() })`,
    path,
    1,
  )
  const end = ended(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  const files = change(path)
  execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
  child.stdin?.write('go')
  await end
  const read = files.map(linesIn)
  expect(read.flatMap(({ numbers }) => numbers)).toEqual(range(1, 20))
  expect(read.at(-1)?.broken).toEqual([])
})

it('when only some of many waiting lines can be written, none is lost or written twice, also after the file was replaced', async () => {
  const child = startProgram(
    `${AUDIT}
    for (let n = 1; n <= 60; n++) write(n)
    console.log('torn')
    process.stdin.on('data', async (text) => {
      app.scs.audit.reopen()
      if (String(text) === 'end') { await app.close(); process.exit() }
      console.log(app.scs.audit.stats().sinks.file.written)
    })`,
    path,
    1,
  )
  const answer = async (): Promise<string> => {
    if (child.stdout === null) return ''
    const [text] = (await once(child.stdout, 'data')) as [Buffer]
    return text.toString().trim()
  }
  expect(await answer()).toBe('torn')
  const written: number[] = []
  for (const [limit, isMoved] of [
    [3000, true],
    [2000, false],
    [4000, true],
  ] as const) {
    execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${limit}:`])
    child.stdin?.write('again')
    written.push(Number(await answer()))
    expect(statSync(path).size).toBe(limit)
    if (isMoved) renameSync(path, `${path}.${limit}`)
  }
  execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:'])
  child.stdin?.write('end')
  await ended(child)
  expect(written).toEqual(written.toSorted((a, b) => a - b))
  const numbers = [`${path}.3000`, `${path}.4000`, path].flatMap((file) => linesIn(file).numbers)
  expect(numbers).toEqual(range(1, 60))
})

it('when the process ends, the number of lines of the application log that still wait is written to stderr', async () => {
  const { stderr } = await ended(
    startProgram(
      `const app = Fastify({ logger: scsLogger({ file: { path: '/dev/full' } }) })
      app.log.info('one'); app.log.info('two')`,
      path,
    ),
  )
  expect(stderr).toMatch(/the application log \(file\) has lost 2 waiting lines: ENOSPC/)
})
