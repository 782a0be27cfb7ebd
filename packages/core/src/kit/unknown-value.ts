import { inspect } from 'node:util'
import { shortened } from '../cut-text.js'

/** Shows a wrong value in an error message: short, and safe for any value. */
export function show(value: unknown): string {
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `function ${value.name}`
  try {
    const text = inspect(value, {
      depth: 0,
      breakLength: Number.POSITIVE_INFINITY,
      maxStringLength: 60,
    })
    return shortened(text, 80)
  } catch {
    return `a value that cannot be shown (${typeof value})`
  }
}
