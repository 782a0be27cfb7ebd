import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const here = createRequire(import.meta.url)

/** The Chromium that travels in the package `@sparticuz/chromium`, unpacked. */
export interface UnpackedChromium {
  readonly executablePath: string
  /** With them it takes its libraries and fonts from its own folder, and needs none of the system's but the C library. */
  readonly env: Readonly<Record<string, string>>
}

// It unpacks into the folder for temporary files, and its libraries only where it believes to be at Amazon's.
const UNPACK = `
  const { default: chromium } = await import('@sparticuz/chromium')
  await chromium.executablePath()
`

/** Unpacks Chromium once for each version of the package, 200 MB within node_modules; takes a second or two the first time. */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const packageRoot = join(import.meta.dirname, '..', '..')
  const caches = join(packageRoot, 'node_modules', '.cache')
  const folder = join(caches, `chromium-${chromiumVersion()}`)
  if (!existsSync(folder)) {
    mkdirSync(caches, { recursive: true })
    // Another run may unpack at the same time: each into a folder of its own, and the first one to be ready is used.
    const unpacking = mkdtempSync(`${folder}-`)
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: packageRoot,
      env: { ...process.env, TMPDIR: unpacking, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
    })
    try {
      renameSync(unpacking, folder)
    } catch (error) {
      rmSync(unpacking, { recursive: true })
      if (!existsSync(folder)) throw error
    }
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
      HOME: folder,
    },
  }
}

function chromiumVersion(): string {
  // The package exports no package.json.
  const manifest = join(here.resolve('@sparticuz/chromium'), '..', '..', '..', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version
}
