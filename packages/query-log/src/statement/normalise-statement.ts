import { dialectOf } from './sql-dialect.js'
import { SqlScanner } from './sql-scanner.js'
import { TokenLists } from './token-lists.js'

/** Databases whose commands are no SQL: their observers give texts that have no values. */
const WITHOUT_SQL: ReadonlySet<string> = new Set(['redis', 'mongodb'])

/**
 * A statement without what is bound to it or written into it: literals and placeholders are `?`, a list is as one of its items, comments
 * are gone, white space is one space. Takes time proportional to the length.
 *
 * @param isCut whether the statement goes on behind its end
 */
export function normaliseStatement(statement: string, system: string, isCut: boolean): string {
  if (WITHOUT_SQL.has(system)) return statement.replace(/\s+/g, ' ').trim() + (isCut ? '…' : '')
  const scanner = new SqlScanner(statement, dialectOf(system))
  const lists = new TokenLists()
  for (let token = scanner.next(); token !== undefined; token = scanner.next())
    lists.add(token, scanner.hasSpaceBefore)
  return lists.text(isCut)
}
