import { useState } from 'preact/hooks'
import { applyTheme, nextTheme, readTheme, type Theme, writeTheme } from './theme.js'

const SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' }

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
      <span aria-hidden="true">{SIGNS[theme]}</span>
    </button>
  )
}
