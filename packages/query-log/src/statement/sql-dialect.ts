/** How a database reads SQL, as far as it decides where a literal or a comment begins and ends. */
export interface SqlDialect {
  /** `"text"` is a literal: MySQL without ANSI_QUOTES. */
  readonly hasQuotedText: boolean
  /** `"text"` may be a literal: SQLite takes it as one where no column has the name. */
  readonly mayHaveQuotedText: boolean
  /** A backslash within a literal takes away the meaning of what follows. */
  readonly hasBackslashes: boolean
  /** `#` begins a comment, and `--` does only before white space; `/*!` begins code. */
  readonly hasMysqlComments: boolean
  /** A comment may hold further ones. */
  readonly nestsComments: boolean
  /** `[name]` is an identifier; elsewhere it is an index or an array. */
  readonly hasBracketNames: boolean
  /** `$tag$text$tag$` */
  readonly hasDollarQuotes: boolean
  /** `q'[text]'` */
  readonly hasOracleQuotes: boolean
  /** `@name` is a variable of the session and no placeholder. */
  readonly hasSessionVariables: boolean
}

const STANDARD: SqlDialect = {
  hasQuotedText: false,
  mayHaveQuotedText: false,
  hasBackslashes: false,
  hasMysqlComments: false,
  nestsComments: true,
  hasBracketNames: false,
  hasDollarQuotes: true,
  hasOracleQuotes: false,
  hasSessionVariables: false,
}
const MYSQL: SqlDialect = {
  ...STANDARD,
  hasQuotedText: true,
  hasBackslashes: true,
  hasMysqlComments: true,
  nestsComments: false,
  hasDollarQuotes: false,
  hasSessionVariables: true,
}
const SQLITE: SqlDialect = {
  ...STANDARD,
  mayHaveQuotedText: true,
  nestsComments: false,
  hasBracketNames: true,
  hasDollarQuotes: false,
}
const SQL_SERVER: SqlDialect = { ...STANDARD, hasBracketNames: true, hasDollarQuotes: false }
const ORACLE: SqlDialect = {
  ...STANDARD,
  nestsComments: false,
  hasDollarQuotes: false,
  hasOracleQuotes: true,
}

/** By the names of OpenTelemetry's `db.system.name`, and those of knex. A database that is not listed is read as PostgreSQL. */
const DIALECTS: ReadonlyMap<string, SqlDialect> = new Map([
  ['mysql', MYSQL],
  ['mariadb', MYSQL],
  ['sqlite', SQLITE],
  ['mssql', SQL_SERVER],
  ['microsoft.sql_server', SQL_SERVER],
  ['oracle.db', ORACLE],
  ['oracledb', ORACLE],
])

export function dialectOf(system: string): SqlDialect {
  return DIALECTS.get(system) ?? STANDARD
}
