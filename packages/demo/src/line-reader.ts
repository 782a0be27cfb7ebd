import { readFileSync } from 'node:fs'

/** Reads the lines that a log file has got since the last call. */
export function lineReader<Line>(path: string): () => readonly Line[] {
  let seen = 0
  return () => {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(seen)
    const fresh = lines.filter((line) => line !== '')
    seen += fresh.length
    return fresh.map((line) => JSON.parse(line) as Line)
  }
}
