import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Those of axe's rules of colours that it checks unless told otherwise; the tag `cat.color` has others beside. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong with the page as it is now: the rule, and the elements. `colors` asks only for what colours can get wrong. */
export async function findBarriers(page: Page, part: 'all' | 'colors'): Promise<readonly string[]> {
  // Evaluated by the debugger, to which the page's policy does not apply.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(source)
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(part === 'colors' ? { runOnly: { type: 'rule', values: [...COLOR_RULES] } } : {}),
  }
  const { violations } = await page.evaluate<AxeResults>(
    `window.axe.run(document, ${JSON.stringify(options)})`,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}
