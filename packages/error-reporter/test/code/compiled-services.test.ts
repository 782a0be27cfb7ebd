import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CodeReport, CrashReport } from '@fastify-scs/error-reporter'
import { describe, expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const packageFolder = join(here, '..', '..')
const workspace = join(packageFolder, '..', '..')
const service = join(here, '..', 'programs', 'typescript-service')

const source = readFileSync(join(service, 'src', 'orders.ts'), 'utf8').split('\n')
const crashLine = source.findIndex((line) => line.includes('throw new Error')) + 1
/** The first frame of the application is this one, whatever has compiled it. */
const CRASH = {
  file: 'src/orders.ts',
  line: crashLine,
  first_line: crashLine - 2,
  // As it is redacted, the line above it.
  lines: source
    .slice(crashLine - 3, crashLine + 2)
    .map((line) => line.replace("string = 'correct-horse-1'", '[redacted]')),
}

type Build = (folder: string) => void

const builds: Record<string, Build> = {
  tsc: (folder) => tsc(folder, ['--sourceMap']),
  'tsc, map in the file': (folder) => tsc(folder, ['--inlineSourceMap', '--inlineSources']),
  'tsc, root of the sources named': (folder) =>
    tsc(folder, ['--sourceMap', '--sourceRoot', join(folder, 'src')]),
  tsup: (folder) => tool(folder, 'tsup', ['src/main.ts', '--format', 'esm', '--sourcemap']),
  'tsup, small, map in the file': (folder) =>
    tool(folder, 'tsup', ['src/main.ts', '--format', 'esm', '--minify', '--sourcemap', 'inline']),
  'esbuild, bundled': (folder) => esbuild(folder, ['--sourcemap']),
  'esbuild, bundled, small, map in the file': (folder) =>
    esbuild(folder, ['--sourcemap=inline', '--minify']),
  'esbuild, bundled, without the texts': (folder) =>
    esbuild(folder, ['--sourcemap', '--sources-content=false']),
}

function tsc(folder: string, options: readonly string[]): void {
  const program = join(workspace, 'node_modules', 'typescript', 'bin', 'tsc')
  const common = ['--outDir', 'dist', '--rootDir', 'src', '--module', 'NodeNext', '--noCheck']
  const target = ['--target', 'ES2022', '--skipLibCheck', 'src/main.ts']
  execFileSync(process.execPath, [program, ...common, ...options, ...target], { cwd: folder })
}

function esbuild(folder: string, options: readonly string[]): void {
  const common = ['src/main.ts', '--bundle', '--platform=node', '--format=esm']
  const out = ['--packages=external', '--outfile=dist/main.js']
  tool(folder, 'esbuild', [...common, ...out, ...options])
}

function tool(folder: string, name: string, options: readonly string[]): void {
  execFileSync(join(packageFolder, 'node_modules', '.bin', name), options, {
    cwd: folder,
    stdio: 'pipe',
  })
}

/** Copies the service to a folder of its own, where its packages are found. */
function serviceFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'typescript-service-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(service, folder, { recursive: true })
  const dependencies = {
    '@fastify-scs/core': '*',
    '@fastify-scs/error-reporter': '*',
    fastify: '5',
  }
  const about = { name: 'typescript-service', version: '3.1.4', type: 'module', dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about))
  mkdirSync(join(folder, 'node_modules', '@fastify-scs'), { recursive: true })
  const require = createRequire(join(packageFolder, 'package.json'))
  const link = (name: string, target: string): void =>
    symlinkSync(target, join(folder, 'node_modules', ...name.split('/')))
  link('@fastify-scs/error-reporter', packageFolder)
  link('@fastify-scs/core', join(packageFolder, '..', 'core'))
  link('fastify', dirname(require.resolve('fastify/package.json')))
  return folder
}

/** The only report of the service. */
async function crash(folder: string, flags: readonly string[] = []): Promise<CrashReport> {
  return (await crashLogged(folder, flags, {})).report
}

async function crashLogged(
  folder: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly report: CrashReport; readonly log: string }> {
  const options = { cwd: folder, env: { ...process.env, ...env } }
  const { stdout, stderr } = await run(process.execPath, [...flags, 'dist/main.js'], options)
  return { report: JSON.parse(stdout) as CrashReport, log: stderr }
}

function firstCode({ code }: CrashReport): CodeReport | undefined {
  return code[0]
}

describe('the source of a crash is found for', () => {
  it.each(Object.entries(builds))('%s', async (_name, build) => {
    const folder = serviceFolder()
    build(folder)
    const report = await crash(folder)
    expect(firstCode(report)).toMatchObject(CRASH)
    expect(firstCode(report)?.frame).toBe(report.trace[1])
    expect(report.code.map(({ file }) => file)).toContain('src/main.ts')
    expect(report.server).toMatchObject({ api_version: '3.1.4', commit: null })
  })

  it.each(['tsc', 'tsup'])('%s, where Node.js applies the maps itself', async (name) => {
    const folder = serviceFolder()
    builds[name]?.(folder)
    const report = await crash(folder, ['--enable-source-maps'])
    expect(report.trace.join('\n')).toContain(`src/orders.ts:${crashLine}:`)
    expect(firstCode(report)).toMatchObject(CRASH)
  })
})

describe('without a map that can be used, the code of the compiled file is shown of', () => {
  it.each(['tsc', 'esbuild, bundled'])('%s', async (name) => {
    const folder = serviceFolder()
    builds[name]?.(folder)
    const [generated = ''] = name === 'tsc' ? ['orders.js'] : ['main.js']
    unlinkSync(join(folder, 'dist', `${generated}.map`))
    const code = firstCode(await crash(folder))
    expect(code).toMatchObject({ file: `dist/${generated}` })
    const line = code?.lines[code.line - code.first_line]
    expect(line).toContain('throw new Error')
  })
})

it('a source that was changed after the build is not shown in its place', async () => {
  const folder = serviceFolder()
  builds.tsc?.(folder)
  const inAMinute = Date.now() / 1000 - 1
  utimesSync(join(folder, 'dist', 'orders.js.map'), 1_000_000, 1_000_000)
  utimesSync(join(folder, 'src', 'orders.ts'), inAMinute, inAMinute)
  expect(firstCode(await crash(folder))).toMatchObject({
    ...CRASH,
    first_line: CRASH.line,
    lines: [],
  })
})

describe('a service that is bundled with its packages', () => {
  function bundled(): string {
    const folder = serviceFolder()
    const worker = 'node_modules/@fastify-scs/error-reporter/dist/code-worker.js'
    const entries = ['main=src/main.ts', `code-worker=${worker}`, '--outdir=dist', '--bundle']
    const banner =
      'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url)'
    const options = ['--platform=node', '--format=esm', '--sourcemap', `--banner:js=${banner}`]
    tool(folder, 'esbuild', [...entries, ...options])
    return folder
  }

  it('has code when the module of the thread is bundled and named, of its own files only', async () => {
    const { report, log } = await crashLogged(bundled(), [], { CODE_WORKER: './code-worker.js' })
    expect(firstCode(report)).toMatchObject(CRASH)
    expect(report.code.map(({ file }) => file)).toEqual(['src/orders.ts', 'src/main.ts'])
    expect(log).not.toContain('lines of code')
  })

  it('has none when it is not named, which is logged', async () => {
    const { report, log } = await crashLogged(bundled(), [], {})
    expect(report.code).toEqual([])
    expect(log.match(/the lines of code of a report could not be read/g)).toHaveLength(1)
  })
})
