import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CodeFinder } from '../../src/source/code-finder.js'
import { comment, inline, mapTo, sourceFolder } from './source-folder.js'

const SECRET = 'the text of another file'

describe('a file that a frame names is not read', () => {
  it('outside of the root', () => {
    const { root, find } = sourceFolder()
    writeFileSync(join(root, '..', 'other.js'), SECRET)
    expect(find(join(root, '..', 'other.js'))).toBeUndefined()
    expect(find(`${root}/src/../../other.js`)).toBeUndefined()
    expect(find('/etc/passwd')).toBeUndefined()
  })

  it('outside of the root, in a folder whose name begins like that of the root', () => {
    const { root, find } = sourceFolder()
    mkdirSync(`${root}-two`)
    writeFileSync(`${root}-two/orders.js`, SECRET)
    expect(find(`${root}-two/orders.js`)).toBeUndefined()
  })

  it('behind a symbolic link that leads out of the root', () => {
    const { root, find } = sourceFolder()
    writeFileSync(join(root, '..', 'other.js'), SECRET)
    symlinkSync('../other.js', join(root, 'link.js'))
    symlinkSync('..', join(root, 'folder'))
    expect(find(join(root, 'link.js'))).toBeUndefined()
    expect(find(join(root, 'folder', 'other.js'))).toBeUndefined()
  })

  it('of a package, and behind a symbolic link to one', () => {
    const { root, write, find } = sourceFolder()
    const file = write('node_modules/some/index.js', SECRET)
    symlinkSync(file, join(root, 'link.js'))
    expect(find(file)).toBeUndefined()
    expect(find(join(root, 'link.js'))).toBeUndefined()
  })

  it.each(['.env', '.env.js', 'orders.json', 'orders.pem', 'orders'])('called %s', (name) => {
    const { write, find } = sourceFolder()
    expect(find(write(name, SECRET))).toBeUndefined()
  })

  it('that is no regular file', () => {
    const { root, find } = sourceFolder()
    execFileSync('mkfifo', [join(root, 'pipe.js'), join(root, 'pipe.js.map')])
    mkdirSync(join(root, 'folder.js'))
    symlinkSync('/dev/zero', join(root, 'zero.js'))
    for (const name of ['pipe.js', 'folder.js', 'zero.js']) {
      expect(find(join(root, name))).toBeUndefined()
    }
  })
})

describe('a source map', () => {
  const outside = ['/etc/passwd', '../../other.ts', 'file:///etc/passwd', '../.env', '../pipe.ts']
  it.each(outside)('that names %s shows nothing of it', (source) => {
    const { root, write, find } = sourceFolder()
    writeFileSync(join(root, '..', 'other.ts'), SECRET)
    write('.env', SECRET)
    execFileSync('mkfifo', [join(root, 'pipe.ts')])
    const file = write('dist/orders.js', `fail()${inline(mapTo(source, 1))}`)
    const found = find(file)
    expect(JSON.stringify(found)).not.toContain(SECRET)
    expect(JSON.stringify(found)).not.toContain('root:')
    // A pipe has a name within the root, and no text.
    const isPipe = source.endsWith('pipe.ts')
    expect(found).toMatchObject(isPipe ? { lines: [] } : { file: 'dist/orders.js', line: 1 })
  })

  it('that names a system file shows nothing of it where the root is that of the file system', () => {
    const { write } = sourceFolder()
    const file = write('dist/orders.js', `fail()${inline(mapTo('/etc/passwd', 1))}`)
    const finder = new CodeFinder({ root: '/', startedAtMs: Date.now() + 1_000 })
    const places = [file, '/etc/passwd', '/proc/self/environ'].map((each) => ({
      file: each,
      line: 1,
      column: 1,
    }))
    expect(finder.find(places, false)).toMatchObject([{ file: file.slice(1), line: 1 }])
  })

  it('that names a link out of the root shows nothing of it', () => {
    const { root, write, find } = sourceFolder()
    writeFileSync(join(root, '..', 'other.ts'), SECRET)
    symlinkSync('../other.ts', join(root, 'link.ts'))
    const file = write('dist/orders.js', `fail()${inline(mapTo('../link.ts', 1))}`)
    expect(find(file)).toMatchObject({ file: 'link.ts', lines: [] })
  })

  it('that names a package leaves the frame out: it is none of the application', () => {
    const { write, find } = sourceFolder()
    const map = mapTo('../node_modules/some/index.ts', 1, { sourcesContent: ['some()'] })
    expect(find(write('dist/orders.js', `fail()${inline(map)}`))).toBeUndefined()
  })

  it('outside of the root, behind a link or a pipe is not read', () => {
    const { root, write, find } = sourceFolder()
    write('src/orders.ts', 'source()')
    const map = mapTo('src/orders.ts', 1)
    writeFileSync(join(root, '..', 'outside.map'), mapTo('app/src/orders.ts', 1))
    writeFileSync(join(root, '..', 'linked.map'), map)
    symlinkSync('../linked.map', join(root, 'link.map'))
    execFileSync('mkfifo', [join(root, 'pipe.map')])
    for (const url of ['../outside.map', 'link.map', 'pipe.map', '/dev/zero', '.']) {
      expect(find(write('orders.js', `fail()${comment(url)}`))).toMatchObject({ file: 'orders.js' })
    }
    // To see that the map itself is right.
    write('inside.map', map)
    const file = write('orders.js', `fail()${comment('inside.map')}`)
    expect(find(file)).toMatchObject({ file: 'src/orders.ts', lines: ['source()'] })
  })
})
