import type { StoreFinding } from '@fastify-scs/store'
import type { Colour } from './colour.js'
import type { Output } from './output.js'
import { things } from './words.js'

const SHOWN: Readonly<Record<StoreFinding['state'], readonly [word: string, colour: Colour]>> = {
  good: ['ok  ', 'green'],
  warning: ['warn', 'yellow'],
  bad: ['BAD ', 'red'],
}

/** Writes findings as they come; whether none of them is bad. */
export async function writeFindings(
  output: Output,
  findings: AsyncIterable<StoreFinding>,
): Promise<boolean> {
  const counts = { good: 0, warning: 0, bad: 0 }
  for await (const finding of findings) {
    counts[finding.state]++
    if (output.isTable) await writeFinding(output, finding)
    else await output.json(finding)
  }
  if (output.isTable) {
    const warnings = things(counts.warning, 'warning')
    await output.line()
    if (counts.bad > 0) await output.line(`${things(counts.bad, 'thing')} to mend, ${warnings}.`)
    else await output.line(`Nothing is wrong, ${warnings}.`)
  }
  return counts.bad === 0
}

async function writeFinding(output: Output, { what, state, says, fix }: StoreFinding) {
  const [word, colour] = SHOWN[state]
  // The colour is not part of the recorded text, whose control characters are taken out.
  await output.write(`${output.paint(colour, word)}  `)
  await output.line(`${what}: ${says}`)
  if (fix !== undefined) await output.line(`      ${fix}`, 'dim')
}
