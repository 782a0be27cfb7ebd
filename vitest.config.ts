import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('packages/', import.meta.url))

// Workspace imports read `src`, so that a test sees the code as it is and coverage counts it.
const alias = [
  { find: /^@fastify-scs\/core\/kit$/, replacement: `${packages}core/src/kit.ts` },
  ...readdirSync(packages).map((name) => ({
    find: new RegExp(`^@fastify-scs/${name}$`),
    replacement: `${packages}${name}/src/index.ts`,
  })),
]

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: readdirSync(packages).map((name) => ({
      resolve: { alias },
      test: {
        name,
        root: `${packages}${name}`,
        include: ['test/**/*.test.ts'],
        typecheck: {
          enabled: true,
          include: ['test/**/*.test-d.ts'],
          tsconfig: 'test/tsconfig.json',
        },
      },
    })),
  },
})
