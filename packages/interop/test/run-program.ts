import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** After which a program that does not end is killed, in milliseconds. */
const TIMEOUT_MS = 120_000

/** Runs a program of `test/programs` in a process of its own and returns what it prints as JSON. */
export async function runProgram(name: string, ...args: readonly string[]): Promise<unknown> {
  return runFile(join(import.meta.dirname, 'programs', name), ...args)
}

/** Runs a file in a process of its own and returns what its last line says, as JSON. */
async function runFile(file: string, ...args: readonly string[]): Promise<unknown> {
  return runIn(process.cwd(), file, ...args)
}

/** Runs a file in a process of its own, in this folder, and returns what its last line says, as JSON. */
export async function runIn(
  folder: string,
  file: string,
  ...args: readonly string[]
): Promise<unknown> {
  // By this variable of pnpm's `require` would find packages that the program does not have.
  const { NODE_PATH: _path, ...env } = process.env
  const child = spawn(process.execPath, [file, ...args], {
    cwd: folder,
    env,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  const { output, errors, end } = await endOf(child)
  if (end !== 0) throw new Error(`${file} ended with ${end}:\n${output}\n${errors}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}

/** What a process has written when it is over, and its exit code, or the signal that ended it. */
export async function endOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ readonly output: string; readonly errors: string; readonly end: unknown }> {
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { output, errors, end: code ?? signal }
}
