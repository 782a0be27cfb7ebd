import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, 'programs', 'ending.mjs')

it.each([
  ['exit', [3, null]],
  ['throw', [1, null]],
  ['signal', [null, 'SIGTERM']],
  ['empty', [0, null]],
  ['handled', [4, null]],
])(
  'last calls are made, the last one first, those they add too, and what they log is written: by %s',
  {
    timeout: 30_000,
  },
  async (how, end) => {
    const child = spawn(process.execPath, [program, how], { stdio: ['ignore', 'pipe', 'ignore'] })
    let stdout = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    expect(await once(child, 'close')).toEqual(end)
    const lines = stdout.trimEnd().split('\n')
    const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages).toEqual(['begun', 'last', 'added by the last', 'first'])
  },
)
