import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Runs a program of `test/programs` in a process of its own and returns what it prints as JSON. */
export async function runProgram(name: string, ...args: readonly string[]): Promise<unknown> {
  return runFile(join(import.meta.dirname, 'programs', name), ...args)
}

/** Runs a file in a process of its own and returns what its last line says, as JSON. */
export async function runFile(file: string, ...args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [file, ...args])
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${output}\n${errors}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
