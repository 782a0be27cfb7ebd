// A node:test reporter that prints one JSON line for each test that has ended.
import { relative } from 'node:path'

export default async function* report(source) {
  const names = []
  for await (const { type, data } of source) {
    if (type === 'test:start') names[data.nesting] = data.name
    if (type !== 'test:pass' && type !== 'test:fail') continue
    names[data.nesting] = data.name
    const file = relative(process.cwd(), data.file ?? '')
    const name = names.slice(0, data.nesting + 1).join(' > ')
    // A test that fails because one within it does is told by that one.
    if (data.details?.error?.failureType === 'subtestsFailed') continue
    const skipped = data.skip !== undefined || data.todo !== undefined
    const outcome = skipped ? 'skip' : type === 'test:pass' ? 'pass' : 'fail'
    const cause = data.details?.error?.cause
    const reason = String(cause?.message ?? cause ?? '')
      .split('\n')
      .slice(0, 12)
      .join(' ')
    yield `${JSON.stringify({ file, name, outcome, reason: outcome === 'fail' ? reason : undefined })}\n`
  }
}
