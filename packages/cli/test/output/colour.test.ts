import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { painter } from '../../src/output/colour.js'

const terminal = Object.assign(new PassThrough(), { isTTY: true })
const pipe = new PassThrough()

it('colours are for terminals, unless the environment says otherwise', () => {
  for (const [sink, env, isColoured] of [
    [terminal, {}, true],
    [pipe, {}, false],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [pipe, { FORCE_COLOR: '1' }, true],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [terminal, { FORCE_COLOR: '0' }, false],
  ] as const)
    expect(painter(sink, env)('red', 'x') === '\u001b[31mx\u001b[39m', JSON.stringify(env)).toBe(
      isColoured,
    )
})
