/** What somebody reads who has started the program and whose console does not open. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isWithoutDriver =
    (error as { readonly code?: unknown }).code === 'SCS_STORE_ERR_DRIVER_MISSING'
  return isWithoutDriver ? `${error.message}\n${WITH_DRIVER}` : error.message
}

/** What npx runs is not beside what the working directory has installed. */
const WITH_DRIVER =
  'With npx: npx -p @fastify-scs/console -p better-sqlite3@12 console sqlite:./scs.db'
