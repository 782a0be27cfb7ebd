// Builds what the demo needs and runs it: `corepack pnpm start [--once] [--port <number>] [--folder <path>] [--help]`.
// Plain JavaScript, because nothing is built before it runs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buildProgress } from './build-progress.mjs'
import { stopSignal } from './stop-signal.mjs'

const USAGE = `Usage: corepack pnpm start [--once] [--port <number>] [--folder <path>] [--help]

Builds the packages, starts the demo service on 127.0.0.1, sends it a script of requests and
shows each answer with its audit and log lines. Then it goes on serving until Ctrl-C.

  --once            end after the script
  --port <number>   listen on this port, 0 to 65535; 0 is any free one
                    (default: 3000, or any free one when 3000 is taken)
  --folder <path>   keep the files of this run in a new folder within this one
                    (default: packages/demo/var)
  --help            show this text`

const WRONG_USAGE = 2

const CONSOLE = join(import.meta.dirname, '..', 'console')

// `start | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const options = readArguments(process.argv.slice(2))
if (options !== undefined) await start(options)

/** The checked arguments; undefined when there is nothing to start. */
function readArguments(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string' },
        folder: { type: 'string', default: join(import.meta.dirname, 'var') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (!values.help)
      return { isOnce: values.once, port: readPort(values.port), folder: values.folder }
    console.log(USAGE)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exitCode = WRONG_USAGE
  }
  return undefined
}

function readPort(text) {
  if (text === undefined) return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new Error(`--port ${text} is not a port: give a whole number from 0 to 65535.`)
}

async function start(checked) {
  const stop = stopSignal()
  console.log('Building the packages; the first time this takes half a minute ...')
  const startedAt = performance.now()
  const status = await build(stop)
  if (stop.aborted) return
  if (status !== 0) {
    process.exitCode = status
    return
  }
  console.log(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`)
  const serve = join(import.meta.dirname, 'serve.mjs')
  const code = await run([serve, JSON.stringify(checked)], stop, [
    'inherit',
    'inherit',
    'inherit',
    'ipc',
  ])
  if (!stop.aborted) process.exitCode = code
}

/** Runs the compiler, and builds the console's page where that has changed; the exit code of what failed. */
async function build(stop) {
  const tsc = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc')
  const runs = [compile([tsc, '-b', import.meta.dirname, '--verbose'], stop)]
  if (isPageOutdated()) runs.push(run([join(CONSOLE, 'build-page.mjs')], stop))
  const codes = await Promise.all(runs)
  return codes.find((code) => code !== 0) ?? 0
}

/** Runs the compiler, and shows how far it is. */
async function compile(args, stop) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  stop.addEventListener('abort', () => child.kill())
  const progress = buildProgress(process.stdout)
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => progress.line(line))
  const [[code]] = await Promise.all([once(child, 'close'), once(lines, 'close')])
  progress.end()
  return code ?? 1
}

async function run(args, stop, stdio = 'inherit') {
  const child = spawn(process.execPath, args, { stdio })
  stop.addEventListener('abort', () => child.kill())
  const [code] = await once(child, 'close')
  return code ?? 1
}

/** Whether a source of the console's page is newer than the page that was built, or none was. */
function isPageOutdated() {
  const built = statSync(join(CONSOLE, 'assets', 'index.html'), { throwIfNoEntry: false })
  if (built === undefined) return true
  const sources = readdirSync(join(CONSOLE, 'page'), { recursive: true, encoding: 'utf8' })
  return ['vite.config.ts', ...sources.map((name) => join('page', name))].some(
    (name) => statSync(join(CONSOLE, name)).mtimeMs > built.mtimeMs,
  )
}
