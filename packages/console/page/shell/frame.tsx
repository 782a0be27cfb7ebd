import { useRef } from 'preact/hooks'
import { Bell } from '../views/bell.js'
import { HelpDialog } from './help-dialog.js'
import { Navigation } from './navigation.js'
import { Routes } from './routes.js'
import { SearchBox } from './search-box.js'
import { SessionNote } from './session-note.js'
import { ThemeToggle } from './theme-toggle.js'
import { useArrival } from './use-arrival.js'

/** What is around each view: the way to the others, the search, the bell. */
export function Frame() {
  const main = useRef<HTMLElement>(null)
  useArrival()
  return (
    <div class="frame">
      {/* No link: with a <base> it would be an address of its own. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <SessionNote />
        <SearchBox />
        <div class="top-tools">
          <Bell />
          <ThemeToggle />
          <HelpDialog />
        </div>
      </header>
      <Navigation />
      <main ref={main} tabIndex={-1}>
        <Routes />
      </main>
    </div>
  )
}
