import { describe, expect, it } from 'vitest'
import {
  codeOfLine,
  firstWithCode,
  placeOf,
  placeText,
  readCode,
} from '../../page/report/code-lines.js'
import { readFrame } from '../../page/report/frames.js'

const FRAME = '    at charge (file:///srv/app/dist/payments.js:9:24)'
const entry = {
  frame: FRAME,
  file: 'src/payments.ts',
  line: 40,
  column: 11,
  first_line: 38,
  lines: ['a', 'b', 'c', 'd', 'e'],
}

describe('the lines of code of a report', () => {
  it('are found by the frame that they are about, however its file is written', () => {
    const code = readCode([entry])
    for (const line of [FRAME, '    at async charge (/srv/app/dist/payments.js:9:24)'])
      expect(code.get(placeOf(readFrame(line)))).toMatchObject({
        file: 'src/payments.ts',
        line: 40,
      })
    expect(code.get(placeOf(readFrame('    at x (/srv/app/dist/payments.js:9:1)')))).toBeUndefined()
  })

  it('are found by their line where the column is another one, unless several are on it', () => {
    const file = '/srv/app/dist/payments.js'
    const code = readCode([entry])
    expect(codeOfLine(code, { file, line: 9, column: 3 })?.file).toBe('src/payments.ts')
    expect(codeOfLine(code, { file, line: 8, column: 3 })).toBeUndefined()
    const bundle = readCode([entry, { ...entry, frame: `    at f (${file}:9:900)`, line: 7 }])
    expect(codeOfLine(bundle, { file, line: 9, column: 3 })).toBeUndefined()
    expect(codeOfLine(bundle, { file, line: 9, column: 900 })?.line).toBe(7)
  })

  it('name their place as people write it', () => {
    const [code] = readCode([entry]).values()
    expect(code && placeText(code)).toBe('src/payments.ts:40:11')
    const [noColumn] = readCode([{ ...entry, column: null }]).values()
    expect(noColumn && placeText(noColumn)).toBe('src/payments.ts:40')
  })

  it('may be anything: what is not as expected is left out', () => {
    expect(readCode('no list').size).toBe(0)
    expect(readCode([null, 7, {}, { frame: FRAME }, { ...entry, line: 'x' }]).size).toBe(0)
    const [cut] = readCode([{ ...entry, first_line: null, lines: '[truncated]' }]).values()
    expect(cut).toMatchObject({ firstLine: 40, lines: [] })
  })

  it('are open at first for the first frame that has any', () => {
    const other = '    at f (/srv/app/dist/other.js:1:1)'
    const code = readCode([{ ...entry, frame: other, lines: [] }, entry])
    const frames = [other, FRAME].map(readFrame)
    expect(firstWithCode(frames, code)?.name).toBe('charge')
    expect(firstWithCode(frames, new Map())).toBeUndefined()
  })
})
