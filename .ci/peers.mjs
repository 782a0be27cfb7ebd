/*
 * Runs the published test suites of the plugins that people use beside ours, once with a plain error handler in every Fastify
 * instance and once with our plugins, and compares test by test: `node .ci/peers.mjs [name ...]`.
 * Each difference has to be explained in peers/explained.json; one that is not, or one that is explained and gone, fails the run.
 * Not part of the two commands of the README: it downloads the suites and takes some minutes.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packAll } from './pack.mjs'

const PEERS = [
  'fastify',
  '@fastify/sensible',
  '@fastify/static',
  '@fastify/cors',
  '@fastify/compress',
  '@fastify/cookie',
  '@fastify/helmet',
  '@fastify/http-proxy',
  '@fastify/reply-from',
  '@fastify/rate-limit',
  'undici',
  'node-fetch',
  'axios',
  'got',
]
const FILE_TIMEOUT_MS = 120_000

const mode = process.env.PEERS_MODE ?? 'all'
const chosen = process.argv.slice(2)
const names = chosen.length === 0 ? PEERS : chosen
const folder = join(tmpdir(), 'scs-peers')
const here = import.meta.dirname
const explained = JSON.parse(readFileSync(join(here, 'peers', 'explained.json'), 'utf8'))

const ours = installOurs()
let wrong = 0
for (const name of names) wrong += await comparePeer(name)
console.log(wrong === 0 ? '\nEvery difference is explained.' : `\n${wrong} to be looked at.`)
process.exitCode = wrong === 0 ? 0 : 1

/** Our packages as npm would install them. */
function installOurs() {
  const target = join(folder, 'ours')
  mkdirSync(target, { recursive: true })
  npm(target, ['init', '-y'])
  npm(target, [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    'fastify@5',
    'undici@7',
    ...tarballs(),
  ])
  return target
}

function tarballs() {
  return packAll().map(({ tarball }) => tarball)
}

async function comparePeer(name) {
  const root = installPeer(name)
  const files = testFiles(root)
  if (files.length === 0) {
    console.log(`\n${name}: the package carries no tests that node:test runs`)
    return 0
  }
  const plain = await runSuite(root, files, 'plain')
  const all = await runSuite(root, files, mode)
  return compare(name, plain, all)
}

function installPeer(name) {
  const target = join(folder, name.replaceAll('/', '-'))
  const root = join(target, 'package')
  if (!existsSync(join(root, 'node_modules'))) {
    mkdirSync(target, { recursive: true })
    const packed = npm(target, ['pack', '--silent', name]).trim().split('\n').at(-1)
    execFileSync('tar', ['xzf', packed], { cwd: target })
    npm(root, ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'])
  }
  return root
}

function npm(cwd, args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function testFiles(root) {
  const found = []
  for (const start of ['test', 'tests']) {
    if (existsSync(join(root, start))) collect(join(root, start), found)
  }
  return found.filter((file) => readFileSync(file, 'utf8').includes('node:test'))
}

function collect(folderPath, found) {
  for (const entry of readdirSync(folderPath)) {
    const path = join(folderPath, entry)
    if (statSync(path).isDirectory()) {
      if (!/^(?:types|fixtures|bundler|node_modules)$/.test(entry)) collect(path, found)
    } else if (
      /\.(?:test|spec)\.[cm]?js$|(?:^|\/)[\w.-]+\.test\.[cm]?js$/.test(path) ||
      isPlainTest(path)
    ) {
      found.push(path)
    }
  }
}

// Some suites name their files without `.test`.
function isPlainTest(path) {
  return /\/test\/[\w.-]+\.[cm]?js$/.test(path)
}

async function runSuite(root, files, suiteMode) {
  const own = join(root, 'fastify.js')
  const fastifyPath = existsSync(own) ? own : join(root, 'node_modules', 'fastify', 'fastify.js')
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=2',
      `--test-timeout=${FILE_TIMEOUT_MS}`,
      `--test-reporter=${join(here, 'peers', 'reporter.mjs')}`,
      '--test-reporter-destination=stdout',
      ...files,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--no-warnings --require ${join(here, 'peers', 'preload.cjs')}`,
        SCS_PEERS_MODE: suiteMode,
        SCS_PEERS_FASTIFY: fastifyPath,
        SCS_PEERS_OURS: ours,
      },
    },
  )
  const results = new Map()
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { file, name, outcome, reason } = JSON.parse(line)
    results.set(`${file}: ${name}`, { outcome, reason })
  }
  return results
}

function compare(name, plain, all) {
  const known = explained[name] ?? {}
  const seen = new Set()
  let wrong = 0
  for (const [test, { outcome }] of plain) {
    const other = all.get(test)
    if (outcome !== 'pass' || other?.outcome === 'pass') continue
    seen.add(test)
    if (known[test] !== undefined) continue
    wrong++
    console.log(
      `  NOT EXPLAINED ${test}\n    ${other?.outcome ?? 'did not run'}: ${other?.reason ?? ''}`,
    )
  }
  for (const test of Object.keys(known)) {
    if (seen.has(test)) continue
    wrong++
    console.log(`  EXPLAINED AND GONE ${test}`)
  }
  const passed = [...plain.values()].filter(({ outcome }) => outcome === 'pass').length
  console.log(
    `${name}: ${plain.size} tests, ${passed} pass with a plain error handler; ${seen.size} of them differ with our plugins, ${seen.size - wrong < 0 ? 0 : [...seen].filter((test) => known[test] !== undefined).length} explained`,
  )
  return wrong
}
