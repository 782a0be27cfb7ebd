import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'programs', 'ending.mjs')

const ENDS: readonly (readonly [string, readonly unknown[]])[] = [
  ['exit', [3, null]],
  ['throw', [1, null]],
  ['signal', [null, 'SIGTERM']],
  ['empty', [0, null]],
  ['handled', [4, null]],
]

describe.each(['one', 'several'])('with a logger of %s destinations in the background', (kind) => {
  it.each(ENDS)(
    'last calls are made, the last one first, those they add too, and what they log is written: by %s',
    {
      timeout: 30_000,
    },
    async (how, end) => {
      const stdio = ['ignore', 'pipe', 'ignore'] as const
      const child = spawn(process.execPath, [program, how, kind], { stdio: [...stdio] })
      let stdout = ''
      child.stdout?.on('data', (chunk) => {
        stdout += chunk
      })
      expect(await once(child, 'close')).toEqual(end)
      const lines = stdout.trimEnd().split('\n')
      const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
      expect(messages).toEqual(['begun', 'last', 'added by the last', 'first'])
    },
  )
})
