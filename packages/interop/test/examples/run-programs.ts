import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { runIn } from '../run-program.js'
import type { ExampleModule } from './example-module.js'

/** What a program answered. */
export interface Answered {
  /** What it was asked: `GET /orders/7`. */
  readonly asked: string
  readonly statusCode: number
  readonly body: string
}

/**
 * Runs whole programs, one after another in one process, in an empty folder. Each is asked for the routes that it shows and for what
 * `alsoAsked` names. None listens on a port that is not free, and none calls out of this machine: its upstreams are a server here.
 */
export async function runPrograms(
  folder: string,
  programs: readonly ExampleModule[],
  alsoAsked: (program: ExampleModule) => readonly string[],
): Promise<readonly (readonly Answered[])[]> {
  const upstream = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"paid":true}'))
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const cwd = mkdtempSync(join(tmpdir(), 'examples-'))
  const write = writerTo(folder)
  try {
    await write('reader', readFileSync(join(import.meta.dirname, 'reader.ts'), 'utf8'))
    const files = await Promise.all(
      programs.map((program) => {
        const asked = [...new Set([...alsoAsked(program), ...routesOf(program)])]
        const source = `${withLocalPlaces(program.source, origin)}\nexport const asked = ${JSON.stringify(asked)}\n`
        return write(program.name, source)
      }),
    )
    const runner = join(import.meta.dirname, '..', 'programs', 'run-examples.mjs')
    return (await runIn(cwd, runner, ...files)) as readonly (readonly Answered[])[]
  } finally {
    upstream.closeAllConnections()
    upstream.close()
    rmSync(cwd, { recursive: true })
  }
}

/** Makes a function that writes a module of TypeScript into an emptied folder as JavaScript, and returns its path. */
function writerTo(folder: string): (name: string, source: string) => Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return async (name, source) => {
    const path = join(folder, `${name}.js`)
    const { code } = await transform(source, { loader: 'ts', format: 'esm' })
    writeFileSync(path, code)
    return path
  }
}

function withLocalPlaces(source: string, origin: string): string {
  return source
    .replace(/\bport: \d+/g, "port: 0, host: '127.0.0.1'")
    .replace(/https:\/\/[\w-]+(?:\.[\w-]+)+/g, origin)
}

/** The routes that a program shows, as `GET /orders/7`. */
function routesOf({ example }: ExampleModule): readonly string[] {
  const routes = example.code.matchAll(
    /\bapp\.(get|post|put|patch|delete)(?:<[^(]*>)?\(\s*'([^']+)'/g,
  )
  return [...routes].map(
    ([, method = '', path = '']) => `${method.toUpperCase()} ${path.replace(/:\w+/g, '7')}`,
  )
}
