/** The address of a worker's module, by its name without the ending. */
export function workerUrl(name: string): URL {
  // Run from the sources, as tests do, the worker is the one that was built: Node can't run TypeScript everywhere.
  const folder = import.meta.url.endsWith('.ts') ? '../dist/' : './'
  return new URL(`${folder}${name}.js`, import.meta.url)
}
