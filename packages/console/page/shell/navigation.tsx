import { Link, useLocation } from 'wouter-preact'
import { paths } from './paths.js'
import { useShortcut } from './shortcuts.js'

interface Place {
  readonly label: string
  readonly to: string
  /** What the paths of its views begin with. */
  readonly of: readonly string[]
  /** The second key after `g`. */
  readonly key: string
}

const PLACES: readonly Place[] = [
  { label: 'Overview', to: paths.overview(), of: [], key: 'o' },
  { label: 'Errors', to: paths.groups(), of: ['/groups', '/reports'], key: 'e' },
  { label: 'Calls', to: paths.calls(), of: ['/calls', '/reference'], key: 'c' },
  { label: 'Slow calls', to: paths.slow(), of: ['/slow'], key: 's' },
  { label: 'Audit events', to: paths.audit(), of: ['/audit', '/users'], key: 'a' },
  { label: 'Live tail', to: paths.live(), of: ['/live'], key: 'l' },
]

/** The ways to the views. */
export function Navigation() {
  const [path] = useLocation()
  return (
    <nav class="nav" aria-label="Views">
      <ul>
        {PLACES.map((place) => (
          <li key={place.key}>
            <NavigationLink place={place} isHere={isHere(place, path)} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

function NavigationLink({ place, isHere }: { place: Place; isHere: boolean }) {
  const [, navigate] = useLocation()
  const { label, to, key } = place
  useShortcut(`g ${key}`, `Go to ${label}`, () => navigate(to))
  return (
    <Link href={to} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {label}
    </Link>
  )
}

function isHere({ to, of }: Place, path: string): boolean {
  return path === to || of.some((start) => path === start || path.startsWith(`${start}/`))
}
