// Runs the smoke tests of the packed packages: `corepack pnpm compat [--node 22] [--fastify 5.0.0]`, and on this Node alone
// `corepack pnpm smoke`.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Cell, cellsOf } from './cells.js'
import { nodeBinary, versionOf } from './node-binary.js'
import { packAll } from './pack.js'
import { startPostgres } from './postgres.js'
import { installProject, type Project } from './project.js'
import { runCell } from './run-cell.js'
import { linkSqliteDriver } from './sqlite-driver.js'

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    node: { type: 'string', multiple: true, default: [] },
    fastify: { type: 'string', multiple: true, default: [] },
  },
})
const cells = cellsOf(values)
const packed = packAll()
const projects = new Map<string, Project>()
const postgres = await startPostgres()
try {
  const failed: string[] = []
  for (const cell of cells) {
    const name = await run(cell)
    if (name !== undefined) failed.push(name)
  }
  if (failed.length > 0) console.error(`\nNot green: ${failed.join('; ')}`)
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  await postgres.stop()
  for (const { folder } of projects.values()) rmSync(folder, { recursive: true, force: true })
}

/** Runs one cell and prints a line about it; returns its name where it is not green. */
async function run({ node, fastify }: Cell): Promise<string | undefined> {
  const binary = node === undefined ? process.execPath : nodeBinary(node)
  let project = projects.get(fastify)
  if (project === undefined) {
    project = installProject(packed, fastify)
    projects.set(fastify, project)
  }
  linkSqliteDriver(project.folder, binary)
  const result = await runCell(binary, project, postgres.url)
  const name = `Node ${versionOf(binary)}, Fastify ${project.fastify}`
  const { passed, failed, skipped, durationMs } = result
  const seconds = (durationMs / 1_000).toFixed(1)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`)
  if (result.isGreen) return undefined
  console.error(result.output)
  return name
}
