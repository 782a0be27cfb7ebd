import { RecordIdMaker, type StoreRecord } from '@fastify-scs/core/kit'
import { blockedData, crashData, queriesAt, slowData } from './cause-records.js'

type Data = StoreRecord['data']
type Json = Data[string]

/** Right to left, with an emoji of several code points. */
const ODD = 'הקומקום ריק مِغلاة 👩‍👩‍👧‍👦🫖'
/** A file that was minified: one line, and no place to break. */
const MINIFIED = `!function(){${'a(b.c,"d");'.repeat(400)}}()`

const own = (name: string, line: number) => `    at ${name} (/srv/shop/src/${name}.js:${line}:7)`

/** As many statements as are kept, each as long as is kept; some failed, some still run, of some the clock went back. */
function longQueries(arrivedAt: number): Json {
  const statements = Array.from({ length: 200 }, (_, index) => {
    const text = `SELECT ${ODD} FROM t${index} WHERE ${'columns_without_an_end'.repeat(50)}`
    const isRepeated = index % 3 === 0
    return { system: 'postgresql', text: text.slice(0, 1_000), times: 1, durationMs: 0, isRepeated }
  })
  const list = statements.map((_, index) => ({
    statement: index,
    at: arrivedAt + index - 100,
    durationMs: [0, null, -5, 0.01][index % 4] as number | null,
    waitMs: [null, 0, -1][index % 3] as number | null,
    rows: index % 2 === 0 ? null : 0,
    errorCode: index % 5 === 0 ? 'E'.repeat(200) : null,
  }))
  return { count: 12_345, leftOut: 12_145, durationMs: -3, statements, list }
}

/** A stack of 200 frames, each of which has called something else too: it has a fork at each of them. */
function deepTree(): Json {
  const frame = (name: string, depth: number, samples: number): Json => {
    const place = { file: '/srv/shop/src/walk.js', line: depth + 1, column: 1, isOwn: true }
    return { name, ...place, samples, share: samples / 400, depth }
  }
  const path = Array.from({ length: 200 }, (_, depth) =>
    frame(depth === 100 ? 'walkDeeper'.repeat(60) : `walk${depth}`, depth, 400 - depth),
  )
  // A list in which each frame stands behind the one that called it: those of the innermost first.
  const leaves = Array.from({ length: 199 }, (_, index) => frame('leaf', 199 - index, 1))
  return [...path, ...leaves]
}

/** Frames with lines of code, fifty of them, of files that were minified too. */
function manyPlaces(): Json {
  return Array.from({ length: 50 }, (_, index) => ({
    ...{ frame: own(`step${index}`, index + 1), file: `src/${ODD}/step${index}.ts` },
    ...{ line: index + 1, column: 7, first_line: Math.max(1, index - 1) },
    lines: index % 2 === 0 ? [MINIFIED] : ['a()', '', `// ${ODD}`, MINIFIED, '\t\tb()'],
  }))
}

/** Reports as other versions, cut facts and hard-pressed services leave them, by what is odd about each. */
export function oddReports(at: number): ReadonlyMap<string, StoreRecord> {
  const ids = new RecordIdMaker()
  const plain = crashData(at, queriesAt(at - 300))
  const frames = Array.from({ length: 50 }, (_, index) => own(`step${index}`, index + 1))
  const blocked = blockedData(at, 'ended') as { data: { [name: string]: Json } } & Data
  const { code: _code, facts: _facts, kind: _kind, ...old } = plain
  const odd: Readonly<Record<string, readonly [status: string, data: Data]>> = {
    'of an older version': ['fatal', old],
    'with facts that were cut': [
      'fatal',
      {
        ...plain,
        code: [
          null,
          '[cut]',
          { frame: 7 },
          { frame: own('a', 1), file: 'a.js', line: 1, lines: 3 },
        ],
        facts: {
          queries: {
            count: 9,
            statements: ['[cut]', { text: null }, { text: 'SELECT 1' }],
            list: [null, { statement: 99, at }, { statement: 2, at }, '187 more'],
          },
          log_lines: ['[cut]', { at, level: null, message: ODD }, { message: 'no time' }],
        },
      },
    ],
    'with 200 long statements': [
      'slow',
      { ...slowData(at), facts: { queries: longQueries(at - 300) } },
    ],
    'with 50 places of code': [
      'fatal',
      { ...plain, trace: [ODD, ...frames], code: manyPlaces(), facts: {} },
    ],
    'with a deep stack': [
      'blocked',
      { ...blocked, data: { ...blocked.data, tree: deepTree(), samples: 400 } },
    ],
    'of a clock that went back': [
      'blocked',
      {
        ...blocked,
        time: { start: new Date(at + 60_000).toISOString(), microsecs: -5 },
        data: { ...blocked.data, blockedMs: -1, since: 'never', samples: -1, tree: '[cut]' },
      },
    ],
  }
  return new Map(
    Object.entries(odd).map(([name, [status, data]], index) => {
      const id = ids.next(at + index)
      const keys = {
        service: 'shop',
        status,
        requestId: `odd-${index}`,
        summary: String(data.title),
      }
      const base = { kind: 'reports' as const, id, createdAt: at + index, revision: 0 }
      return [name, { ...base, keys, data: { ...data, id }, importance: 'high' as const }]
    }),
  )
}
