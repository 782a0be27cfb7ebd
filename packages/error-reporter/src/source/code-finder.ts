import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { originalPositionFor, sourceContentFor } from '@jridgewell/trace-mapping'
import { pathOf } from '../code/frame-place.js'
import { isOfPackage } from '../code/inside-root.js'
import type { CodeThreadStart, FoundCode, FramePlace } from '../code/protocol.js'
import { linesAround } from './lines-around.js'
import { type OwnFile, OwnFiles } from './own-files.js'
import { type SourceMapOf, SourceMaps } from './source-maps.js'

/** A source file may be written so much later than its map, in milliseconds: both may come from one copy or checkout. */
const COPY_MS = 2_000

type Found = Omit<FoundCode, 'index'>

/** Finds the code around places of stack traces. */
export class CodeFinder {
  readonly #root: string
  readonly #startedAtMs: number
  readonly #files: OwnFiles
  readonly #maps: SourceMaps

  constructor({ root, startedAtMs }: CodeThreadStart) {
    this.#root = realRoot(root)
    this.#startedAtMs = startedAtMs
    this.#files = new OwnFiles(this.#root)
    this.#maps = new SourceMaps(this.#files, startedAtMs)
  }

  /** The code around each place that there is code of. Never throws. */
  find(places: readonly FramePlace[], areMapped: boolean): FoundCode[] {
    const all: FoundCode[] = []
    for (const [index, place] of places.entries()) {
      const found = this.#find(place, areMapped)
      if (found !== undefined) all.push({ index, ...found })
    }
    return all
  }

  #find({ file, line, column }: FramePlace, isMapped: boolean): Found | undefined {
    const generated = this.#files.read(file, 'source')
    // What was changed after the process has started may not be what runs.
    if (generated === undefined || generated.changedAtMs > this.#startedAtMs) return undefined
    const map = isMapped ? undefined : this.#maps.of(generated)
    const original = map === undefined ? undefined : this.#original(map, line, column)
    if (original === 'package') return undefined
    if (original !== undefined) return original
    const lines = linesAround(generated.text, line)
    return lines === undefined ? undefined : { file: generated.name, line, column, ...lines }
  }

  /** The place that a map names; `package` for one of an installed package, undefined for none that may be shown. */
  #original(of: SourceMapOf, line: number, column: number): Found | 'package' | undefined {
    try {
      const { source, ...at } = originalPositionFor(of.map, { line, column: column - 1 })
      if (source === null || at.line === null) return undefined
      const path = this.#pathOfSource(source)
      if (path === undefined) return undefined
      if (isOfPackage(path)) return 'package'
      const name = this.#files.nameOf(path)
      if (name === undefined) return undefined
      const text = sourceContentFor(of.map, source) ?? this.#sourceText(path, of)
      const lines = text === undefined ? undefined : linesAround(text, at.line)
      const place = { file: name, line: at.line, column: at.column + 1 }
      return { ...place, ...(lines ?? { firstLine: at.line, above: [], lines: [] }) }
    } catch {
      // A map whose mappings are broken.
      return undefined
    }
  }

  #sourceText(path: string, { writtenAtMs }: SourceMapOf): string | undefined {
    const file: OwnFile | undefined = this.#files.read(path, 'source')
    if (file === undefined || file.changedAtMs > this.#startedAtMs) return undefined
    // It was changed and not compiled again.
    return file.writtenAtMs > writtenAtMs + COPY_MS ? undefined : file.text
  }

  #pathOfSource(source: string): string | undefined {
    // `webpack://name/./src/orders.ts`: from the folder that the bundler ran in.
    const bundled = /^webpack:\/\/[^/]*\/(.+)$/.exec(source)?.[1]
    if (bundled !== undefined) return resolve(this.#root, bundled.replace(/[?#].*$/, ''))
    return pathOf(source)
  }
}

function realRoot(root: string): string {
  try {
    return realpathSync.native(root)
  } catch {
    return root
  }
}
