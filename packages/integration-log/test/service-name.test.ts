import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
const project = fileURLToPath(new URL('types/tsconfig.json', import.meta.url))

// In a program of its own: what an application declares holds for all that is compiled with it.
it('where an application declares the names of its services, no other name compiles', async () => {
  const compiled = promisify(execFile)(process.execPath, [compiler, '-p', project])
  await expect(compiled).resolves.toMatchObject({ stdout: '' })
}, 120_000)
