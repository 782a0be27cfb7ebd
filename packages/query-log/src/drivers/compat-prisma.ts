/*
 * What is used of Prisma beyond its documented API, as of Prisma 7.10: `_engineConfig.logQueries`, whether its client tells of queries, and
 * `_activeProvider`, the kind of database. If `_engineConfig` is gone, a client that does not tell of queries is observed without a complaint;
 * if the provider is, the kind of database is `other_sql`.
 */

/** Whether a client was made with the option `log` for queries. */
export function tellsOfQueries(client: object): boolean {
  const { _engineConfig: config } = client as { _engineConfig?: { logQueries?: unknown } }
  return config === undefined || Boolean(config.logQueries)
}

/** The kind of database, by Prisma's names. */
export function providerOf(client: object): string {
  const { _activeProvider: provider } = client as { _activeProvider?: unknown }
  return typeof provider === 'string' ? provider : 'other_sql'
}
