import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CodeFinder } from '../../src/source/code-finder.js'
import { comment, inline, mapTo, sourceFolder } from './source-folder.js'

const SOURCE = ['const one = 1', 'const two = 2', 'fail()', 'const four = 4', 'five()', 'six()']
const TEXT = `${SOURCE.join('\n')}\n`
const AROUND_THREE = { line: 3, firstLine: 1, above: [], lines: SOURCE.slice(0, 5) }

describe('the lines around a place', () => {
  it('are two before it and two after it', () => {
    const { write, find } = sourceFolder()
    const file = write('src/orders.js', TEXT)
    const found = { index: 0, file: 'src/orders.js', column: 7, ...AROUND_THREE }
    expect(find(file, 3, 7)).toEqual(found)
  })

  it('are fewer at the beginning and the end of the file', () => {
    const { write, find } = sourceFolder()
    const file = write('orders.mjs', TEXT)
    expect(find(file, 1)).toMatchObject({ firstLine: 1, lines: SOURCE.slice(0, 3) })
    expect(find(file, 6)).toMatchObject({ firstLine: 4, lines: SOURCE.slice(3) })
    expect(find(file, 9)).toBeUndefined()
  })

  it('have no ends of lines, whatever they are, and are cut', () => {
    const { write, find } = sourceFolder()
    const file = write('orders.cjs', `a()\r\n${'x'.repeat(5_000)}\r\nc()`)
    expect(find(file, 2)?.lines).toEqual(['a()', `${'x'.repeat(400)}…`, 'c()'])
  })

  it('show nothing of a private key, also where it begins above them', () => {
    const { write, find } = sourceFolder()
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\nEFAASCBKc\n-----END PRIVATE KEY-----'
    const file = write('orders.js', `const key = \`${key}\`\nfail(key)\n`)
    expect(find(file, 6)?.lines).toEqual(['…', '…', 'fail(key)'])
    const escaped = write(
      'one-line.js',
      `const key = '${key.replaceAll('\n', '\\n')}'\nfail(key)\n`,
    )
    expect(find(escaped, 2)?.lines).toEqual([
      "const key = '-----BEGIN PRIVATE KEY-----…",
      'fail(key)',
    ])
  })

  it('are left out of a file that was changed after the process had started', () => {
    const { root, write } = sourceFolder()
    const file = write('orders.js', TEXT)
    const finder = new CodeFinder({ root, startedAtMs: Date.now() - 60_000 })
    // A copy may keep the time of what it was copied from.
    utimesSync(file, 1, 1)
    expect(finder.find([{ file, line: 3, column: 1 }], false)).toEqual([])
  })

  it('are those of the file as it is now, not as it was read before', () => {
    const { root, write } = sourceFolder()
    const file = write('orders.js', TEXT)
    const finder = new CodeFinder({ root, startedAtMs: Date.now() + 60_000 })
    const line = (): readonly string[] | undefined =>
      finder.find([{ file, line: 1, column: 1 }], false)[0]?.lines.slice(0, 1)
    expect(line()).toEqual(['const one = 1'])
    writeFileSync(file, `changed()\n${TEXT}`)
    expect(line()).toEqual(['changed()'])
  })
})

describe('a source map', () => {
  const map = mapTo('../src/orders.ts', 3)
  const places: Record<string, (write: (name: string, text: string) => string) => string> = {
    'in the file': () => inline(map),
    'in the file, as text': () => comment(`data:application/json,${encodeURIComponent(map)}`),
    'beside the file': (write) => {
      write('dist/orders.js.map', map)
      return comment('orders.js.map')
    },
    'in another folder, in an old comment': (write) => {
      write('maps/orders.map', map)
      return '\n//@ sourceMappingURL=../maps/orders.map'
    },
    'with a root of its sources': () => inline(mapTo('orders.ts', 3, { sourceRoot: '../src' })),
    'with an address of its source': (write) =>
      inline(mapTo(pathToFileURL(write('src/orders.ts', TEXT)).href, 3)),
    'of a bundler that names folders': () => inline(mapTo('webpack://orders/./src/orders.ts', 3)),
    'with sections': () =>
      inline(
        JSON.stringify({
          version: 3,
          sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(map) }],
        }),
      ),
    'after a text with the same words': () =>
      `\nconst text = "//# sourceMappingURL=elsewhere.map"${inline(map)}`,
  }

  it.each(Object.entries(places))('%s tells the place in the source', (_where, place) => {
    const { write, find } = sourceFolder()
    write('src/orders.ts', TEXT)
    const file = write('dist/orders.js', `fail()${place(write)}`)
    const found = { index: 0, file: 'src/orders.ts', column: 1, ...AROUND_THREE }
    expect(find(file)).toEqual(found)
  })

  it('may have the text of its source, which need not be there', () => {
    const { write, find } = sourceFolder()
    const text = mapTo('../src/orders.ts', 3, { sourcesContent: [TEXT] })
    const file = write('dist/orders.js', `fail()${inline(text)}`)
    expect(find(file)).toMatchObject({ file: 'src/orders.ts', ...AROUND_THREE })
  })

  it('tells the place alone where there is no text of it', () => {
    const { write, find } = sourceFolder()
    const file = write('dist/orders.js', `fail()${inline(map)}`)
    expect(find(file)).toMatchObject({ file: 'src/orders.ts', line: 3, firstLine: 3, lines: [] })
  })

  it('tells the place alone where the source was changed and not compiled again', () => {
    const { write, find } = sourceFolder()
    const file = write('dist/orders.js', `fail()${inline(map)}`)
    utimesSync(file, 1_000, 1_000)
    write('src/orders.ts', TEXT)
    expect(find(file)).toMatchObject({ file: 'src/orders.ts', line: 3, lines: [] })
  })

  it('is not applied to a frame that Node.js has mapped already', () => {
    const { write, find } = sourceFolder()
    write('src/orders.ts', TEXT)
    const file = write('dist/orders.js', `fail()${inline(map)}`)
    expect(find(file, 1, 1, true)).toMatchObject({ file: 'dist/orders.js', line: 1 })
  })

  const useless: Record<string, string> = {
    'that is missing': comment('orders.js.map'),
    'that is no JSON': inline('{'),
    'that is no map': inline('[]'),
    'without mappings': inline('{"version":3,"sources":[]}'),
    'with broken mappings': inline(mapTo('../src/orders.ts', 1, { mappings: '!!!!' })),
    'on a network': comment('https://127.0.0.1:1/orders.js.map'),
    'that is badly encoded': comment('data:application/json,%E0%A4%A'),
    'whose sections begin far away': inline(
      JSON.stringify({
        version: 3,
        sections: [{ offset: { line: 1e9, column: 0 }, map: JSON.parse(map) }],
      }),
    ),
    'whose sections are nested': inline(nested(50)),
    'with endless lines': inline(mapTo('../src/orders.ts', 1, { mappings: ';'.repeat(3_000_000) })),
  }

  function nested(depth: number): string {
    const inner = depth === 0 ? map : nested(depth - 1)
    return `{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":${inner}}]}`
  }

  it.each(Object.entries(useless))('%s leaves the place as it is', (_how, end) => {
    const { write, find } = sourceFolder()
    write('src/orders.ts', TEXT)
    const file = write('dist/orders.js', `fail()${end}`)
    expect(find(file)).toMatchObject({ file: 'dist/orders.js', line: 1, firstLine: 1 })
    expect(find(file)?.lines[0]).toBe('fail()')
  })

  it('longer than the limit is not read, and neither is such a file', () => {
    const { root, write, find } = sourceFolder()
    const file = write('dist/orders.js', `fail()${comment('orders.js.map')}`)
    write('dist/orders.js.map', map.padEnd(16_777_217))
    expect(find(file)).toMatchObject({ file: 'dist/orders.js' })
    expect(find(write('long.js', 'a()\n'.padEnd(16_777_217)))).toBeUndefined()
    expect(find(join(root, 'none.js'))).toBeUndefined()
  })
})
