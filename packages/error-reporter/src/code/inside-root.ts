import { isAbsolute, relative, sep } from 'node:path'

/** The path of a file from a folder on, with `/`; undefined for one that lies outside of it. */
export function pathInside(root: string, file: string): string | undefined {
  const path = relative(root, file)
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) {
    return undefined
  }
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** Whether a path leads into an installed package. */
export function isOfPackage(path: string): boolean {
  return /(?:^|[\\/])node_modules[\\/]/.test(path)
}
