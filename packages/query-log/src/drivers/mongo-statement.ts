const MAX_DEPTH = 4
const MAX_KEYS = 12
const MAX_CHARS = 1_000
/** A path of fields, as a developer writes it; a key that data has made, by an id for example, is a `?`. */
const FIELD =
  /^\$?[A-Za-z_]{1,40}\d{0,2}(?:\.(?:\$(?:\[\w{0,40}\])?|\d{1,3}|[A-Za-z_]{1,40}\d{0,2}))*$/
const NAME = /^[A-Za-z][A-Za-z\d]{0,39}$/
/** Of a collection's name. */
const COLLECTION = /^[\w$.-]{1,120}$/
/** A list whose statements each have a `q`, and an `u`. */
const LISTS = ['updates', 'deletes']
/** What a command is asked by, in the order in which it is told. */
const CONDITIONS = ['filter', 'query', 'pipeline', 'sort', 'update']

/**
 * What is told of a MongoDB command: its name, its collection, the fields that it asks by; never a value.
 * `find orders { customer: ?, total: { $gt: ? } }`.
 */
export function mongoStatementOf(commandName: string, command: unknown): string {
  if (!NAME.test(commandName)) return '?'
  const fields = fieldsOf(command)
  const parts = [commandName, collectionOf(commandName, fields)]
  for (const name of CONDITIONS) {
    // The collection of a command `update` has the place of its change in others.
    if (typeof fields[name] === 'object') parts.push(shapeOf(fields[name], 0))
  }
  for (const name of LISTS) {
    const list = fields[name]
    const { q, u } = fieldsOf(Array.isArray(list) ? list[0] : undefined)
    if (q !== undefined) parts.push(shapeOf(q, 0))
    if (u !== undefined) parts.push(shapeOf(u, 0))
  }
  const text = parts.filter((part) => part !== '').join(' ')
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text
}

function collectionOf(commandName: string, fields: Readonly<Record<string, unknown>>): string {
  // `getMore` is followed by the number of a cursor.
  const name = fields[commandName === 'getMore' ? 'collection' : commandName]
  return typeof name === 'string' && COLLECTION.test(name) ? name : ''
}

/** Its keys, without any value. Of a list its first item stands for all. */
function shapeOf(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return '?'
  if (Array.isArray(value)) return shapeOfList(value, depth)
  if (!isDocument(value)) return '?'
  const keys = Object.keys(value)
  if (keys.length === 0) return '{}'
  if (depth === MAX_DEPTH) return '{ … }'
  const fields = fieldsOf(value)
  const told = keys
    .slice(0, MAX_KEYS)
    .map((key) => `${FIELD.test(key) ? key : '?'}: ${shapeOf(fields[key], depth + 1)}`)
  if (keys.length > MAX_KEYS) told.push('…')
  return `{ ${told.join(', ')} }`
}

function shapeOfList(list: readonly unknown[], depth: number): string {
  if (list.length === 0) return '[]'
  if (depth === MAX_DEPTH) return '[…]'
  const told = list.slice(0, MAX_KEYS).map((item) => shapeOf(item, depth + 1))
  if (list.length > MAX_KEYS) told.push('…')
  return `[${told.filter((item, index) => item !== told[index - 1]).join(', ')}]`
}

/** Plain objects and maps of the driver; an ObjectId, a date, a decimal is a value. */
function isDocument(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
