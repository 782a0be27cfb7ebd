import type { QueryStart } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'
import { hide } from './hidden-property.js'
import {
  type Method,
  type Observation,
  observedIterate,
  observedRun,
  type RowsOf,
} from './observed-methods.js'

/** How a synchronous driver of SQLite is observed. */
export interface DatabaseShape {
  /** Methods of a statement that run it to its end, and the rows that a result of each stands for. */
  readonly runs: Readonly<Record<string, RowsOf>>
  /** Methods of the database that run a text, and the statement that it stands for. */
  readonly texts: Readonly<Record<string, (text: unknown) => string>>
}

type Methods = Readonly<Record<string, Method | undefined>>

const OBSERVATION: unique symbol = Symbol('@fastify-scs/query-log/observation')
const START: unique symbol = Symbol('@fastify-scs/query-log/start')

/** The observation of a database, found on it, so that nothing is noted twice; undefined when it is not observed. */
export function observationOf(database: unknown): Observation | undefined {
  if (typeof database !== 'object' || database === null) return undefined
  return (database as { readonly [OBSERVATION]?: Observation })[OBSERVATION]
}

/** Observes the statements that a database prepares from now on, and the texts that it runs; the second time it does nothing. */
export function observeDatabase(database: object, shape: DatabaseShape): void {
  if (observationOf(database) !== undefined) return
  const observation: Observation = { isInside: false }
  hide(database, OBSERVATION, observation)
  replace(database, 'prepare', (prepare) => observedPrepare(prepare, observation, shape))
  for (const [name, statementOf] of Object.entries(shape.texts)) {
    replace(database, name, (run) =>
      observedRun(
        observation,
        run,
        (_receiver, [text]) => startOf(statementOf(text)),
        () => undefined,
      ),
    )
  }
}

function observedPrepare(
  prepare: Method,
  observation: Observation,
  { runs }: DatabaseShape,
): Method {
  // A driver has one prototype for its statements.
  const observed = new WeakMap<object, object>()
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
    if (typeof statement !== 'object' || statement === null) return statement
    hide(statement, START, startOf(text))
    const original: object = Object.getPrototypeOf(statement)
    let prototype = observed.get(original)
    if (prototype === undefined) {
      prototype = observedPrototype(original, observation, runs)
      observed.set(original, prototype)
    }
    // Everything else of it stays: its identity, its properties, what the driver keeps in it.
    return Object.setPrototypeOf(statement, prototype)
  }
}

/** What stands between a statement and the driver's methods. */
function observedPrototype(
  original: object,
  observation: Observation,
  runs: DatabaseShape['runs'],
): object {
  const prototype: object = Object.create(original)
  for (const [name, rowsOf] of Object.entries(runs)) {
    replace(prototype, name, (run) => observedRun(observation, run, startOfStatement, rowsOf))
  }
  replace(prototype, 'iterate', (run) => observedIterate(observation, run, startOfStatement))
  return prototype
}

function startOf(text: unknown): QueryStart {
  return { system: 'sqlite', statement: typeof text === 'string' ? text : '' }
}

function startOfStatement(statement: object): QueryStart {
  return (statement as { readonly [START]?: QueryStart })[START] ?? startOf('')
}

function replace(owner: object, name: string, observe: (original: Method) => Method): void {
  const original = (owner as Methods)[name]
  if (original !== undefined) hide(owner, name, observe(original))
}
