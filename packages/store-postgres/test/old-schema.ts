import { migrations } from '../src/schema/migrations.js'
import type { PostgresServer } from './postgres-server.js'

/** Makes a schema as a version before left it. */
export async function makeOldSchema(
  server: PostgresServer,
  schema: string,
  version: number,
): Promise<void> {
  await server.admin(`CREATE SCHEMA ${schema};
    CREATE TABLE ${schema}.migrations (version integer PRIMARY KEY, name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now())`)
  for (const migration of migrations.slice(0, version)) {
    await server.admin(migration.sql(`"${schema}"`))
    await server.admin(`INSERT INTO ${schema}.migrations (version, name) VALUES ($1, $2)`, [
      migration.version,
      migration.name,
    ])
  }
}
