import { pathToFileURL } from 'node:url'
import type { TraceMap } from '@jridgewell/trace-mapping'
import { pathOf } from '../code/frame-place.js'
import { mapPlaceOf } from './map-comment.js'
import { MAX_FILE_BYTES, type OwnFile, type OwnFiles } from './own-files.js'
import { parseMap } from './parse-map.js'

/** With more, only the newest map is kept. */
const MAX_KEPT_CHARS = 8_388_608
const MAX_KEPT_MAPS = 50

/** A source map of the application. */
export interface SourceMapOf {
  readonly map: TraceMap
  /** When it was written, in milliseconds since 1970. */
  readonly writtenAtMs: number
}

interface KeptMap {
  /** Of the generated file and of the map's. */
  readonly version: string
  /** Undefined for a file without a map, or with one that cannot be used. */
  readonly found: SourceMapOf | undefined
  readonly chars: number
}

/** Finds the source maps of generated files, and keeps the last ones as long as they do not change. */
export class SourceMaps {
  readonly #files: OwnFiles
  readonly #startedAtMs: number
  readonly #kept = new Map<string, KeptMap>()
  #keptChars = 0

  constructor(files: OwnFiles, startedAtMs: number) {
    this.#files = files
    this.#startedAtMs = startedAtMs
  }

  /** The map of a generated file; undefined without one that can be used. Never throws. */
  of(generated: OwnFile): SourceMapOf | undefined {
    try {
      return this.#find(generated)
    } catch {
      // It is broken or too large: the place in the generated file is shown.
      this.#keep(generated.path, { version: generated.version, found: undefined, chars: 0 })
      return undefined
    }
  }

  #find(generated: OwnFile): SourceMapOf | undefined {
    const kept = this.#kept.get(generated.path)
    // A map within the file, or none that could be read, is that of this version of the file.
    if (kept?.version === generated.version) return kept.found
    const place = mapPlaceOf(generated.text, MAX_FILE_BYTES)
    if (place === undefined) return this.#use(generated, generated.version, generated, undefined)
    if (place.kind === 'inline')
      return this.#use(generated, generated.version, generated, place.json)
    const base = pathToFileURL(generated.path).href
    const file = this.#mapFile(place.url, base)
    if (file === undefined) return undefined
    const version = `${generated.version} ${file.version}`
    if (kept?.version === version) return kept.found
    return this.#use(generated, version, file, file.text)
  }

  #mapFile(url: string, base: string): OwnFile | undefined {
    const path = URL.canParse(url, base) ? pathOf(new URL(url, base).href) : undefined
    return path === undefined ? undefined : this.#files.read(path, 'map')
  }

  /** @param holder the file that the map is in */
  #use(
    generated: OwnFile,
    version: string,
    holder: OwnFile,
    json: string | undefined,
  ): SourceMapOf | undefined {
    const isCurrent = holder.changedAtMs <= this.#startedAtMs
    const isUsable = json !== undefined && json.length <= MAX_FILE_BYTES && isCurrent
    if (!isUsable) {
      this.#keep(generated.path, { version, found: undefined, chars: 0 })
      return undefined
    }
    // Before it is parsed: two large maps at a time take twice the memory.
    this.#makeRoom(generated.path, json.length)
    const found = { map: mapOf(json, holder), writtenAtMs: holder.writtenAtMs }
    this.#keep(generated.path, { version, found, chars: json.length })
    return found
  }

  #keep(path: string, map: KeptMap): void {
    this.#makeRoom(path, map.chars)
    this.#kept.set(path, map)
    this.#keptChars += map.chars
  }

  #makeRoom(path: string, chars: number): void {
    this.#forget(path)
    for (const oldest of this.#kept.keys()) {
      if (this.#keptChars + chars <= MAX_KEPT_CHARS && this.#kept.size < MAX_KEPT_MAPS) break
      this.#forget(oldest)
    }
  }

  #forget(path: string): void {
    this.#keptChars -= this.#kept.get(path)?.chars ?? 0
    this.#kept.delete(path)
  }
}

function mapOf(json: string, holder: OwnFile): TraceMap {
  return parseMap(json, pathToFileURL(holder.path).href)
}
