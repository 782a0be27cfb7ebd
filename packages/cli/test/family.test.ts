import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FAMILY } from '../src/family.js'

const PACKAGES = join(import.meta.dirname, '..', '..')

it('the family is each package of the workspace that is published', () => {
  const manifests = readdirSync(PACKAGES).map(
    (name) =>
      JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')) as {
        readonly name: string
        readonly private?: boolean
      },
  )
  const published = manifests.filter((each) => each.private !== true).map(({ name }) => name)
  expect([...FAMILY].sort()).toEqual(published.sort())
})
