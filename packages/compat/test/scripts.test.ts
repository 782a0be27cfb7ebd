import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WORKSPACE } from '../src/workspace.js'

const FOLDER = join(WORKSPACE, '.ci')

const scripts = readdirSync(FOLDER).filter((name) => /\.(?:mjs|ts)$/.test(name))

describe.each(scripts)('.ci/%s', (name) => {
  it('imports files that are there', () => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => path)
    const files = imported.map((path) =>
      path.replace(/\.js$/, existsSync(join(FOLDER, path)) ? '.js' : '.ts'),
    )
    expect(files.filter((path) => !existsSync(join(FOLDER, path)))).toEqual([])
  })
})

describe('package.json', () => {
  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = Object.values(scripts).flatMap((each) => each.match(/\S+\.m?js\b/g) ?? [])
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((path) => !existsSync(join(WORKSPACE, path)))).toEqual([])
  })
})
