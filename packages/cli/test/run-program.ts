import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Io, run } from '@fastify-scs/cli'
import { expect } from 'vitest'

/** The program as it is installed, after `tsc -b`. */
export const PROGRAM: string = fileURLToPath(new URL('../bin.mjs', import.meta.url))

/** What a run of the program said. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A run of the program that is under way. */
export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ran>
  /** Waits until it has said this on its standard output or on that for errors. */
  said(text: string | RegExp): Promise<void>
  out(): string
}

/** Starts the program as a process of its own, with pipes. */
export function startProgram(
  args: readonly string[],
  { env = {}, cwd }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Running {
  const { SCS_STORE_URL: _none, COLUMNS: _width, FORCE_COLOR: _forced, ...own } = process.env
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...own, ...env }, cwd })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk
  })
  return {
    process: child,
    ended: once(child, 'close').then(([code]) => ({ code, out, err })),
    said: (text) => expect.poll(() => out + err).toMatch(text),
    out: () => out,
  }
}

/** Runs the program as a process of its own until it ends. */
export function runProgram(...args: readonly string[]): Promise<Ran> {
  return startProgram(args).ended
}

/** The lines of JSON that a run has answered. */
export function jsonOf(out: string): Record<string, unknown>[] {
  return out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** A terminal as the program sees one, and what somebody types there. */
export interface FakeTerminal {
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly typed?: string
}

/** Runs the program in this process at a terminal. */
export function runAtTerminal(
  args: readonly string[],
  { columns = 100, env = {}, typed }: FakeTerminal = {},
): Promise<Ran> {
  return runHere(args, { isTTY: true, columns }, { TERM: 'xterm', ...env }, typed)
}

/** Runs the program in this process with pipes: a process of its own takes seconds on a busy machine. */
export function runPiped(...args: readonly string[]): Promise<Ran> {
  return runHere(args, {}, {})
}

async function runHere(
  args: readonly string[],
  kind: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string>>,
  typed = '',
): Promise<Ran> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let out = ''
  let err = ''
  stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk
  })
  stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk
  })
  stdin.end(typed)
  const io: Io = {
    stdin: Object.assign(stdin, kind),
    stdout: Object.assign(stdout, kind),
    stderr: Object.assign(stderr, kind),
    env,
  }
  const code = await run(args, io)
  return { code, out, err }
}
