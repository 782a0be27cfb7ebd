/** `system` follows the reader's system. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'scs-console-theme'
const ORDER: readonly Theme[] = ['system', 'light', 'dark']

/** The theme that the reader chose last. */
export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const stored = storage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Keeps what the reader chose. */
export function writeTheme(storage: Pick<Storage, 'setItem'>, theme: Theme): void {
  storage.setItem(KEY, theme)
}

/** The theme after this one. */
export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'system'
}

/** Shows the page in a theme; charts, which are drawn and not styled, hear of it by the event `scs-theme`. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'system') root.removeAttribute('data-theme')
  else root.setAttribute('data-theme', theme)
  window.dispatchEvent(new Event('scs-theme'))
}
