import { AnyMap, type SectionedSourceMapInput, type TraceMap } from '@jridgewell/trace-mapping'

/** Mappings and lines that a map may have: decoded, each takes a hundred bytes of memory. */
const MAX_MAPPINGS = 1_000_000
const MAX_SECTION_DEPTH = 4

type RawMap = {
  readonly mappings?: unknown
  readonly sections?: unknown
}

/**
 * Parses a source map, with sections or without.
 *
 * @param url its address, which its sources are relative to
 * @throws for what is no source map, or one that would take too much memory
 */
export function parseMap(json: string, url: string): TraceMap {
  const raw = JSON.parse(json.startsWith(")]}'") ? json.slice(json.indexOf('\n')) : json) as RawMap
  if (weightOf(raw, 0) > MAX_MAPPINGS) throw new RangeError('the source map is too large')
  return AnyMap(raw as SectionedSourceMapInput, url)
}

/** How many mappings and lines a map has at most. */
function weightOf(map: RawMap, depth: number): number {
  if (typeof map !== 'object' || map === null || depth > MAX_SECTION_DEPTH)
    throw new TypeError('it is no source map')
  if (Array.isArray(map.sections)) {
    let weight = 0
    for (const section of map.sections as readonly RawSection[]) {
      // The lines up to a section are filled up with empty ones.
      weight += lineOf(section) + weightOf(section.map, depth + 1)
      if (weight > MAX_MAPPINGS) break
    }
    return weight
  }
  // The decoder takes any other character for a zero.
  if (typeof map.mappings !== 'string' || !/^[A-Za-z0-9+/,;]*$/.test(map.mappings))
    throw new TypeError('it has no mappings')
  return separatorsOf(map.mappings)
}

type RawSection = { readonly offset: { readonly line: unknown }; readonly map: RawMap }

function lineOf({ offset }: RawSection): number {
  const { line } = offset
  if (typeof line !== 'number' || !(line >= 0)) throw new TypeError('a section has no offset')
  return line
}

function separatorsOf(mappings: string): number {
  let count = 1
  for (let at = 0; at < mappings.length; at++) {
    const char = mappings.charCodeAt(at)
    if (char === 0x2c || char === 0x3b) count++
  }
  return count
}
