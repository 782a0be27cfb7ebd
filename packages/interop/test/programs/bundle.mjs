// Bundles the service of `programs/bundled` into one file, `main.js`, and the module of each kind of thread into another one, as the READMEs
// say: node bundle.mjs <bundler> <folder>. Prints what the bundler warns of.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import nodeResolve from '@rollup/plugin-node-resolve'
import { build } from 'esbuild'
import { rollup } from 'rollup'

// Fastify asks for `require.cache` when a plugin without a name is registered, as the console's routes are.
const REQUIRE_BANNER =
  'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url)'

const [bundler, folder] = process.argv.slice(2)
const entry = bundler === 'esbuild, CommonJS' ? 'commonjs.mjs' : 'module.mjs'
const entries = {
  main: join(import.meta.dirname, 'bundled', entry),
  worker: fileURLToPath(import.meta.resolve('@fastify-scs/store-sqlite/worker')),
  'code-worker': fileURLToPath(import.meta.resolve('@fastify-scs/error-reporter/code-worker')),
  'blocked-worker': fileURLToPath(import.meta.resolve('@fastify-scs/slow-call/blocked-worker')),
}

const warnings = []
if (bundler === 'rollup, ESM') await withRollup()
else if (bundler === 'esbuild, ESM') await withEsbuild('esm', { js: REQUIRE_BANNER })
else await withEsbuild('cjs', {})
console.log(JSON.stringify(warnings))

async function withEsbuild(format, banner) {
  const built = await build({
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format,
    external: ['better-sqlite3'],
    banner,
    logLevel: 'error',
  })
  warnings.push(...built.warnings.map(({ id, text }) => `${id}: ${text}`))
}

async function withRollup() {
  // One by one, so that each is one file that needs no other. undici asks for node:sqlite only where its cache is used;
  // as an import at the top it would end the process on Node 20.
  // What was read for one is not read again for the next.
  let cache
  for (const [name, input] of Object.entries(entries)) {
    const bundle = await rollup({
      input,
      external: ['better-sqlite3'],
      plugins: [
        nodeResolve({ preferBuiltins: true }),
        commonjs({ ignore: ['node:sqlite'] }),
        json(),
      ],
      onwarn: ({ code, message }) => warnings.push(`${code}: ${message}`),
      cache,
    })
    cache = bundle.cache
    const file = join(folder, `${name}.js`)
    await bundle.write({ file, format: 'es', inlineDynamicImports: true, banner: REQUIRE_BANNER })
    await bundle.close()
  }
}
