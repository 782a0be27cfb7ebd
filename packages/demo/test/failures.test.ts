import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, 'failures', 'program.mjs')
const TIMEOUT_MS = 240_000

const PLUGINS = ['core', 'reporter', 'all'] as const

type Plugins = 'bare' | (typeof PLUGINS)[number]
type Protocol = 'http1' | 'http2'

/** What became of one request. */
interface Cell {
  readonly cell: string
  readonly how: 'whole' | 'cut' | 'never' | 'malformed'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** How the program ended. */
interface End {
  readonly end: true
  readonly alive: string
  readonly closing: string
  readonly uncaught: readonly string[]
}

interface Run {
  readonly cells: readonly Cell[]
  readonly end: End | undefined
}

/** Runs the table in a process of its own, whose death would be seen. */
async function run(
  plugins: Plugins,
  protocol: Protocol,
  names?: readonly string[],
  env = {},
): Promise<Run> {
  const part = names === undefined ? '' : '-'
  const child = spawn(process.execPath, [program, plugins, protocol, part], {
    // Node warns of each header that HTTP/2 refuses.
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(names ?? []))
  const cells: Cell[] = []
  let end: End | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    // A line that is torn is the last of a process that died; then the end is missing too.
    if (!line.endsWith('}')) break
    const read = JSON.parse(line) as Cell | End
    if ('end' in read) end = read
    else cells.push(read)
  }
  return { cells, end }
}

/** Whether it takes what bare Fastify makes of a cell to say if it is bad. */
function isInDoubt({ how, status = 0 }: Cell): boolean {
  return how === 'cut' || (how === 'whole' && status < 400)
}

/** Whether a cell is neither one whole answer nor a cut connection, or less than bare Fastify makes of it. */
function isBad({ cell, how, status = 0 }: Cell, floor: Cell | undefined): boolean {
  if (how === 'cut') return floor?.how === 'whole' && (floor.status ?? 0) >= 400
  if (how !== 'whole') return true
  // A trailer that cannot be sent is left out of an answer that is good in itself.
  if (status >= 400 || /sets a trailer|^a trailer:/.test(cell)) return false
  if (floor?.how === 'whole') return floor.status !== status
  // What the host itself has sent, before the rest of what it does fails; bare Fastify may leave its end open.
  return !/: (?:sends|redirects)/.test(cell)
}

describe.each(['http1', 'http2'] as const)('over %s', (protocol) => {
  const runs = new Map<Plugins, Run>()
  let floor: ReadonlyMap<string, Cell>
  beforeAll(async () => {
    for (const plugins of PLUGINS) runs.set(plugins, await run(plugins, protocol))
    const doubts = [...runs.values()].flatMap(({ cells }) => cells.filter(isInDoubt))
    const names = [...new Set(doubts.map(({ cell }) => cell))]
    // Bare Fastify leaves many unanswered, at one time. Its process may die before its end, and is then asked again.
    let bare: Run | undefined
    for (let tries = 0; tries < 3 && bare?.end === undefined; tries++) {
      bare = await run('bare', protocol, names, { SILENCE_MS: '2000', AT_ONCE: '256' })
    }
    floor = new Map(bare?.cells.map((cell) => [cell.cell, cell]))
  }, TIMEOUT_MS)

  it.each(PLUGINS)(
    'with %s every failing request is answered once or cut off, and the process lives',
    (plugins) => {
      const { cells = [], end } = runs.get(plugins) ?? {}
      expect(cells.filter((cell) => isBad(cell, floor.get(cell.cell)))).toEqual([])
      expect(end).toEqual({ end: true, alive: 'alive', closing: 'closed', uncaught: [] })
      const answered = cells.filter(({ how, status = 0 }) => how === 'whole' && status >= 400)
      expect(answered.length).toBeGreaterThan(1_000)
      if (plugins === 'core') return
      const crashes = answered.filter(({ status = 0 }) => status >= 500)
      expect(crashes.filter(({ headers }) => headers?.['x-error-id'] === undefined)).toEqual([])
    },
  )
})
