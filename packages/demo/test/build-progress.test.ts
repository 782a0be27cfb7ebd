import { expect, it } from 'vitest'

interface Progress {
  line(text: string): void
  end(): void
}

const module = new URL('../build-progress.mjs', import.meta.url).href
const { buildProgress } = (await import(module)) as {
  buildProgress(out: { isTTY?: boolean; write(text: string): void }): Progress
}

/** What `tsc -b --verbose` says, with an error. */
const LINES = `06:31:11 PM - Projects in this build:
    * packages/core/tsconfig.json
    * packages/store/tsconfig.json

06:31:11 PM - Project 'packages/core/tsconfig.json' is out of date because output file 'x' does not exist

06:31:11 PM - Building project 'packages/core/tsconfig.json'...

packages/core/src/a.ts(1,1): error TS2304: Cannot find name 'x'.

06:31:21 PM - Building project 'packages/store/tsconfig.json'...`.split('\n')

function shown(isTTY: boolean): string {
  let text = ''
  const progress = buildProgress({
    isTTY,
    write: (part) => {
      text += part
    },
  })
  for (const line of LINES) progress.line(line)
  progress.end()
  return text
}

const ERROR = "packages/core/src/a.ts(1,1): error TS2304: Cannot find name 'x'."

it('names each package that is built, and what went wrong, a line each', () => {
  expect(shown(false)).toBe(`  1 of 2: packages/core\n${ERROR}\n  2 of 2: packages/store\n`)
})

it('uses one line of a terminal, which is empty at the end', () => {
  const clear = '\r\u001b[K'
  expect(shown(true)).toBe(
    `${clear}  1 of 2: packages/core${clear}${ERROR}\n${clear}  2 of 2: packages/store${clear}`,
  )
})
