/*
 * Runs the published test suites of the plugins that people use beside ours, once with a plain error handler in every Fastify
 * instance and once with our plugins, and compares test by test: `node .ci/peers.mjs [name or part of a test file's path ...]`.
 * Each difference has to be explained in peers/explained.json; one that is not, or one that is explained and gone, fails the run.
 * A difference counts when it shows again in a run of its file alone: what a busy machine makes fail does not.
 * Not part of the two commands of the README: it downloads the suites and takes some minutes. It needs a workspace that is built.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packAll } from '../packages/compat/dist/pack.js'

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
/** Files that wait in vain for a server that the machine does not have. */
const NEEDS_A_SERVER = /redis[\w.-]*$/

const mode = process.env.PEERS_MODE ?? 'all'
const chosen = process.argv.slice(2)
/** Only the test files whose path has one of these in it. */
const fileParts = chosen.filter((argument) => !PEERS.includes(argument))
const names = chosen.some((argument) => PEERS.includes(argument))
  ? chosen.filter((argument) => PEERS.includes(argument))
  : PEERS
const folder = join(tmpdir(), 'scs-peers')
const here = import.meta.dirname
const explained = JSON.parse(readFileSync(join(here, 'peers', 'explained.json'), 'utf8'))

const ours = installOurs()
const total = { tests: 0, differing: 0, wrong: 0 }
for (const name of names) {
  const counts = await comparePeer(name)
  for (const key of Object.keys(total)) total[key] += counts[key]
}
console.log(`\n${total.tests} tests, ${total.differing} differ, ${total.wrong} to be looked at.`)
process.exitCode = total.wrong === 0 ? 0 : 1

/** Our packages as npm would install them. */
function installOurs() {
  console.log('packing and installing our packages')
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
  const root = unpackPeer(name)
  const files = testFiles(root).filter(
    (file) => fileParts.length === 0 || fileParts.some((part) => file.includes(part)),
  )
  if (files.length === 0) {
    console.log(`\n${name}: the package carries no tests that node:test runs`)
    return { tests: 0, differing: 0, wrong: 0 }
  }
  if (!existsSync(join(root, 'node_modules')))
    npm(root, ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'])
  console.log(`\n${name}: ${files.length} files, with a plain error handler`)
  const plain = await runSuite(root, files, 'plain')
  console.log(`${name}: ${plain.size} tests, now with our plugins`)
  const all = await runSuite(root, files, mode)
  const differing = differences(plain, all)
  const known = Object.keys(explained[name] ?? {}).filter((test) => hasRun(test, files))
  const alone = new Map()
  for (const file of new Set([...differing.keys(), ...known].map(fileOf)))
    for (const [test, reason] of await runAlone(root, join(root, file))) alone.set(test, reason)
  return report({ name, plain, differing, alone, known })
}

function unpackPeer(name) {
  const target = join(folder, name.replaceAll('/', '-'))
  const root = join(target, 'package')
  if (!existsSync(root)) {
    mkdirSync(target, { recursive: true })
    const packed = npm(target, ['pack', '--silent', name]).trim().split('\n').at(-1)
    execFileSync('tar', ['xzf', packed], { cwd: target })
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
  return found.filter(
    (file) => readFileSync(file, 'utf8').includes('node:test') && !NEEDS_A_SERVER.test(file),
  )
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

/** The tests that pass with a plain error handler and do not with our plugins, and what became of them. */
function differences(plain, all) {
  const found = new Map()
  for (const [test, { outcome }] of plain) {
    const other = all.get(test)
    if (outcome !== 'pass' || other?.outcome === 'pass') continue
    // The reporter leaves out a test that fails only because one within it does.
    if (other === undefined && [...all.keys()].some((key) => key.startsWith(`${test} > `))) continue
    found.set(test, `${other?.outcome ?? 'did not run'}: ${other?.reason ?? ''}`)
  }
  return found
}

/** The differences of one file that runs alone: what hung or failed for the load of the machine does not show again. */
async function runAlone(root, file) {
  const plain = await runSuite(root, [file], 'plain')
  return differences(plain, await runSuite(root, [file], mode))
}

function fileOf(test) {
  return test.slice(0, test.indexOf(': '))
}

function hasRun(test, files) {
  return files.some((file) => file.endsWith(`/${fileOf(test)}`))
}

function report({ name, plain, differing, alone, known }) {
  const confirmed = [...alone.keys()].filter((test) => differing.has(test) || known.includes(test))
  const unexplained = confirmed.filter((test) => !known.includes(test))
  const gone = known.filter((test) => !alone.has(test))
  for (const test of unexplained) console.log(`  NOT EXPLAINED ${test}\n    ${alone.get(test)}`)
  for (const test of gone) console.log(`  EXPLAINED AND GONE ${test}`)
  for (const test of differing.keys())
    if (!alone.has(test)) console.log(`  differs only when run beside others: ${test}`)
  const passed = [...plain.values()].filter(({ outcome }) => outcome === 'pass').length
  console.log(
    `${name}: ${plain.size} tests, ${passed} pass with a plain error handler; ` +
      `${confirmed.length} of these differ with our plugins, ${confirmed.length - unexplained.length} explained`,
  )
  const wrong = unexplained.length + gone.length
  return { tests: plain.size, differing: confirmed.length, wrong }
}
