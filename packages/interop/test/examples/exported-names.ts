import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from './find-examples.js'

/** What one module exports. */
export interface ExportedNames {
  readonly module: string
  /** The name that the pages give the default export. */
  readonly defaultName: string | undefined
  readonly values: readonly string[]
  readonly types: readonly string[]
}

const PACKAGES: readonly (readonly [name: string, defaultName: string | undefined])[] = [
  ['core', 'scsPlugin'],
  ['error-reporter', 'errorReporter'],
  ['slow-call', 'slowCall'],
  ['query-log', 'queryLog'],
  ['integration-log', 'integrationLog'],
  ['store', 'store'],
  ['store-sqlite', undefined],
  ['store-postgres', undefined],
  ['console', 'scsConsole'],
]

/** What a fragment may use without importing it: the page that it stands in says where it comes from. */
export function exportedNames(): readonly ExportedNames[] {
  const own = PACKAGES.map(([name, defaultName]) => {
    const declarations = readFileSync(
      join(REPOSITORY, 'packages', name, 'dist', 'index.d.ts'),
      'utf8',
    )
    return { module: `@fastify-scs/${name}`, defaultName, ...namesIn(declarations) }
  })
  const others: readonly (readonly [
    module: string,
    defaultName: string | undefined,
    ...string[],
  ])[] = [
    ['fastify', 'Fastify'],
    ['fastify-plugin', 'fp'],
    ['@nestjs/core', undefined, 'NestFactory'],
    ['@nestjs/platform-fastify', undefined, 'FastifyAdapter'],
  ]
  return [
    ...own,
    ...others.map(([module, defaultName, ...values]) => ({
      module,
      defaultName,
      values,
      types: [],
    })),
  ]
}

function namesIn(declarations: string): Pick<ExportedNames, 'values' | 'types'> {
  const values: string[] = []
  const types: string[] = []
  for (const [, typeOnly, list = ''] of declarations.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',')) {
      const [, isType, name] = /^\s*(type )?(?:\w+ as )?(\w+)\s*$/.exec(item) ?? []
      if (name === undefined || name === 'default') continue
      if (typeOnly === undefined && isType === undefined) values.push(name)
      else types.push(name)
    }
  }
  return { values, types }
}
