import { useState } from 'preact/hooks'
import { applyTheme, nextTheme, readTheme, type Theme, writeTheme } from './theme.js'

/** Drawn, since not every system has a letter for them: half and half, a sun, a moon. */
const SIGNS: Readonly<Record<Theme, string>> = {
  system: 'M8 2.2a5.8 5.8 0 1 0 0 11.6ZM8 2.2a5.8 5.8 0 0 1 0 11.6',
  light:
    'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13',
  dark: 'M13.6 9.8A6 6 0 0 1 6.2 2.4 6 6 0 1 0 13.6 9.8Z',
}

/** Goes from the system's theme to light to dark. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(() => readTheme(window.localStorage))
  const change = (): void => {
    const next = nextTheme(theme)
    writeTheme(window.localStorage, next)
    applyTheme(next)
    setTheme(next)
  }
  const label = `Theme: ${theme}. Change to ${nextTheme(theme)}`
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={change}>
      <svg class={`mark mark-${theme}`} viewBox="0 0 16 16" aria-hidden="true">
        <path d={SIGNS[theme]} />
      </svg>
    </button>
  )
}
