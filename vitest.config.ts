import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('packages/', import.meta.url))

// Workspace imports read `src`, so that a test sees the code as it is and coverage counts it.
const alias = [
  { find: /^@fastify-scs\/core\/kit$/, replacement: `${packages}core/src/kit.ts` },
  { find: /^@fastify-scs\/core\/kit\/plain$/, replacement: `${packages}core/src/kit/plain.ts` },
  { find: /^@fastify-scs\/core\/(mercurius|nest)$/, replacement: `${packages}core/src/$1.ts` },
  { find: /^@fastify-scs\/console\/read$/, replacement: `${packages}console/src/read.ts` },
  { find: /^fastify-scs$/, replacement: `${packages}fastify-scs/src/index.ts` },
  ...readdirSync(packages).map((name) => ({
    find: new RegExp(`^@fastify-scs/${name}$`),
    replacement: `${packages}${name}/src/index.ts`,
  })),
]

export default defineConfig({
  test: {
    // More than there are processors: many tests wait for other processes, sockets and clocks.
    maxWorkers: 4,
    globalSetup: [
      `${packages}store-postgres/test/shared-postgres.ts`,
      `${packages}console/test/browser/shared-browser.ts`,
    ],
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
        // The tests of types, *.test-d.ts, are compiled by `tsc -b`, which says what is wrong in them.
        include: ['test/**/*.test.ts'],
        // One process and one module graph for many files: a test leaves no listener, spy or variable behind. The store's tests
        // end the process as its listeners see it, so each of their files has a process of its own.
        isolate: name === 'store',
        // Real files, processes and sockets, on a machine that may be busy; only what hangs waits for it.
        testTimeout: 60_000,
        hookTimeout: 60_000,
        expect: { poll: { timeout: 20_000 } },
        setupFiles: fileURLToPath(new URL('.ci/patient-waits.ts', import.meta.url)),
      },
    })),
  },
})
