import type { StoreRecord } from '@fastify-scs/core/kit'
import { PLANTED_CALL } from './watched-page.js'

type Json = StoreRecord['data'][string]

/** What would run if a page took it for HTML. */
const SCRIPT = `<img src=x onerror="${PLANTED_CALL}()"><script>${PLANTED_CALL}()</script>`

/** A text that would run, with the name of the field that it is planted in. */
export function plant(field: string): string {
  return `"'>${SCRIPT}{{${field}}}`
}

/** What has a form of its own, which no logged content chooses: times, ids, and words that the suite itself writes. */
const OWN_WORDS =
  /(?:^|\.)(?:id|created_?at|modified_?at|date|kind|status|first_seen|last_seen|start|end|isRemoteRequest|phase|level)$/i

/** The same value with each text in it, and each name of a header or a field that is not ours, planted. */
export function planted(value: Json, field: string): Json {
  if (typeof value === 'string') {
    // A frame is shown as one only where it has the form of one.
    if (value.startsWith('    at ')) return `    at ${plant(field)} (/srv/app.js:1:1)`
    return OWN_WORDS.test(field) ? value : plant(field)
  }
  if (Array.isArray(value)) return value.map((each, index) => planted(each, `${field}.${index}`))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      planted(each, `${field}.${name.includes(SCRIPT) ? 'planted' : name}`),
    ]),
  )
}
