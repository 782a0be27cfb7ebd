import { fileURLToPath } from 'node:url'

export default {
  test: {
    globalSetup: [fileURLToPath(new URL('../shared-postgres.ts', import.meta.url))],
    include: ['*.mjs'],
    exclude: ['*.config.mjs'],
    testTimeout: 60_000,
  },
}
