import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Scenario, Side } from './scenario.js'

const dist = new URL('./', import.meta.url)

/**
 * The same scenario with the code of another checkout, built, as side a, and this one's as side b: the ratio is after / before.
 *
 * @param folder root of the other checkout
 * @throws Error when it has no such server, or is not built
 */
export function against(folder: string, scenario: Scenario): Scenario {
  return {
    ...scenario,
    measures: `${scenario.b.variant} in ${folder} against the same here`,
    goal: null,
    a: sideIn(folder, scenario.b),
  }
}

function sideIn(folder: string, side: Side): Side {
  const path = fileURLToPath(side.module).slice(fileURLToPath(dist).length)
  const module = new URL(`packages/bench/dist/${path}`, pathToFileURL(`${folder}/`))
  if (!existsSync(module)) {
    throw new Error(`${fileURLToPath(module)} does not exist: is that checkout built?`)
  }
  return { ...side, module }
}
