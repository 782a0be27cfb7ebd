import {
  FilterError,
  QueryTimeoutError,
  ReadOnlyError,
  StoreUnavailableError,
} from '@fastify-scs/store'
import {
  BadRequestError,
  QueryTimedOutError,
  ReadOnlyStoreError,
  StoreAwayError,
} from './refusals.js'

/** What a client is told where the store throws; any other error stays as it is. */
export function refusalOf(error: unknown): unknown {
  const options = { cause: error }
  if (error instanceof FilterError) return new BadRequestError(error.message, options)
  if (error instanceof ReadOnlyError)
    return new ReadOnlyStoreError('The store was opened for reading only', options)
  if (error instanceof QueryTimeoutError)
    return new QueryTimedOutError(
      'The query took too long and was ended: choose a shorter span of time or a narrower filter',
      1,
      options,
    )
  if (error instanceof StoreUnavailableError)
    return new StoreAwayError('The database is not available at the moment', 5, options)
  return error
}
