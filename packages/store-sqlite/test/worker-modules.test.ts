import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

// Three threads start with each store: what they load, the host's start and its memory pay for three times.
const program = `
  import { register } from 'node:module'
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs'
    export async function load(url, context, next) {
      writeSync(1, url + '\\\\n')
      return next(url, context)
    }\`))
  await import(process.argv[1])
`

it('the threads of a store load neither Fastify nor TypeBox nor pino', () => {
  const worker = new URL('../dist/worker.js', import.meta.url).href
  const args = ['--input-type=module', '-e', program, worker]
  const loaded = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n')
  expect(loaded).toContain(worker)
  const packages = loaded.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1])
  expect(new Set(packages.filter((name) => name !== undefined))).toEqual(
    new Set(['@fastify/error', 'semver']),
  )
})
