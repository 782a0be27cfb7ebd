import { currentRequest } from '@fastify-scs/core'
import type { QueryStart } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'
import { observeIterator } from './observed-iterator.js'

export type Method = (this: object, ...args: unknown[]) => unknown
export type RowsOf = (result: unknown) => number | undefined

/** How a synchronous driver of SQLite is observed. */
export interface DatabaseShape {
  /** Methods of a statement that run it to its end, and the rows that a result of each stands for. */
  readonly runs: Readonly<Record<string, RowsOf>>
  /** Methods of the database that run a text, and the statement that it stands for. */
  readonly texts: Readonly<Record<string, (text: unknown) => string>>
}

/** What is known of a database that is observed; found on it, so that nothing is noted twice. */
export interface Observation {
  /** Whether a query of it is being noted right now. */
  isInside: boolean
}

const OBSERVATION: unique symbol = Symbol('@fastify-scs/query-log/observation')
const START: unique symbol = Symbol('@fastify-scs/query-log/start')

/** The observation of a database; undefined when it is not observed. */
export function observationOf(database: unknown): Observation | undefined {
  if (typeof database !== 'object' || database === null) return undefined
  return (database as { readonly [OBSERVATION]?: Observation })[OBSERVATION]
}

/** Observes the statements that a database prepares from now on, and the texts that it runs; the second time it does nothing. */
export function observeDatabase(database: object, shape: DatabaseShape): void {
  if (observationOf(database) !== undefined) return
  const observation: Observation = { isInside: false }
  hide(database, OBSERVATION, observation)
  const methods = database as Readonly<Record<string, Method | undefined>>
  for (const [name, statementOf] of Object.entries(shape.texts)) {
    const readStart = (text: unknown) => startOf(statementOf(text))
    replace(database, name, methods[name], (run) =>
      observedRun(observation, run, (_receiver, [text]) => readStart(text), rowsUnknown),
    )
  }
  replace(database, 'prepare', methods['prepare'], (prepare) =>
    observedPrepare(prepare, createPrototypes(observation, shape)),
  )
}

/** Gives a statement methods that are observed. Everything else of it stays: its identity, its properties, what the driver keeps in it. */
type Prototypes = (original: object) => object

function createPrototypes(observation: Observation, shape: DatabaseShape): Prototypes {
  const made = new WeakMap<object, object>()
  return (original) => {
    const known = made.get(original)
    if (known !== undefined) return known
    const prototype: object = Object.create(original)
    const methods = original as Readonly<Record<string, Method | undefined>>
    for (const [name, rowsOf] of Object.entries(shape.runs)) {
      replace(prototype, name, methods[name], (run) =>
        observedRun(observation, run, startOfStatement, rowsOf),
      )
    }
    replace(prototype, 'iterate', methods['iterate'], (iterate) =>
      observedIterate(observation, iterate),
    )
    made.set(original, prototype)
    return prototype
  }
}

function observedPrepare(prepare: Method, prototypes: Prototypes): Method {
  return function observedPrepare(...args) {
    const [text] = args
    let statement: unknown
    try {
      statement = prepare.apply(this, args)
    } catch (error) {
      // A statement that cannot be prepared is never run, and would be missing where it matters most.
      beginQuery(startOf(text))?.end({ error })
      throw error
    }
    if (typeof statement === 'object' && statement !== null) {
      hide(statement, START, startOf(text))
      Object.setPrototypeOf(statement, prototypes(Object.getPrototypeOf(statement)))
    }
    return statement
  }
}

function observedRun(
  observation: Observation,
  run: Method,
  readStart: (receiver: object, args: readonly unknown[]) => QueryStart,
  rowsOf: RowsOf,
): Method {
  return function observed(...args) {
    // Most of what runs outside of a request runs often: start-up, migrations, jobs.
    if (currentRequest() === undefined) return run.apply(this, args)
    const query = beginQuery(readStart(this, args))
    if (query === undefined) return run.apply(this, args)
    const wasInside = observation.isInside
    observation.isInside = true
    try {
      const result = run.apply(this, args)
      query.end({ rows: rowsOf(result) })
      return result
    } catch (error) {
      query.end({ error })
      throw error
    } finally {
      observation.isInside = wasInside
    }
  }
}

function observedIterate(observation: Observation, iterate: Method): Method {
  return function observed(...args) {
    const query = currentRequest() === undefined ? undefined : beginQuery(startOfStatement(this))
    if (query === undefined) return iterate.apply(this, args)
    try {
      return observeIterator(iterate.apply(this, args), query, observation)
    } catch (error) {
      query.end({ error })
      throw error
    }
  }
}

function startOf(text: unknown): QueryStart {
  return { system: 'sqlite', statement: typeof text === 'string' ? text : '' }
}

function startOfStatement(statement: object): QueryStart {
  return (statement as { readonly [START]?: QueryStart })[START] ?? startOf('')
}

function rowsUnknown(): undefined {
  return undefined
}

function replace(
  owner: object,
  name: string,
  original: Method | undefined,
  observe: (original: Method) => Method,
): void {
  if (original !== undefined) hide(owner, name, observe(original))
}

/** Adds a property that nobody meets who lists them. */
function hide(owner: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
}
