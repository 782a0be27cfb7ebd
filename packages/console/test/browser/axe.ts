import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe is asked for: what it checks unless told otherwise, or rules alone. */
const PARTS = {
  all: undefined,
  // Those of its rules of colours that are on unless told otherwise; the tag `cat.color` has others beside.
  colors: ['color-contrast', 'link-in-text-block'],
  // Off unless it is asked for: whether a finger hits what it wants.
  targets: ['target-size'],
} satisfies Readonly<Record<string, string[] | undefined>>

/** What axe finds wrong with the page as it is now: the rule, and the elements. */
export async function findBarriers(
  page: Page,
  part: keyof typeof PARTS,
): Promise<readonly string[]> {
  // Evaluated by the debugger, to which the page's policy does not apply.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(source)
  const rules = PARTS[part]
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }),
  }
  const { violations } = await page.evaluate<AxeResults>(
    `window.axe.run(document, ${JSON.stringify(options)})`,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}
