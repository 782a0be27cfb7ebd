import { NotObservableError } from '../errors.js'
import { type KnexClient, observeKnexClient } from './compat-knex.js'

/** What is asked of an instance of knex. */
export interface ObservableKnex {
  client: unknown
}

/** It tells of its queries by Node's diagnostics channels, which the plugin hears. */
const TELLS_BY_CHANNELS = 'mysql2'

/**
 * Notes the queries of an instance of knex for the requests that ask for them, whatever the database; those of transactions too. Returns
 * the same instance, whose queries go on as they would. A query over mysql2 is noted through that driver's channels instead, and one over a
 * pool that `observePg` observes there, so that none is noted twice.
 *
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE for anything else
 */
export function observeKnex<Observable extends ObservableKnex>(knex: Observable): Observable {
  const client = (knex as Partial<ObservableKnex> | null | undefined)?.client
  if (typeof client !== 'object' || client === null) throw notObservable(knex)
  if ((client as KnexClient).driverName === TELLS_BY_CHANNELS) return knex
  if (!observeKnexClient(client as KnexClient)) throw notObservable(knex)
  return knex
}

function notObservable(value: unknown): Error {
  const found = Object(value) === value ? 'another object' : String(value)
  return new NotObservableError('observeKnex', 'an instance of knex', found)
}
