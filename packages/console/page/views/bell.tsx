import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter-preact'
import { rangAt } from '../bell/seen-groups.js'
import { useBell } from '../bell/use-bell.js'
import { Badge, StatusBadge } from '../components/badge.js'
import { Empty } from '../components/empty.js'
import { countOf } from '../components/number-text.js'
import { Ago } from '../components/time.js'
import { readTitle } from '../groups/group-title.js'
import { paths } from '../shell/paths.js'
import { useShortcut } from '../shell/shortcuts.js'

/** Tells of groups of errors that are new or have regressed since the reader last looked. */
export function Bell() {
  const { groups, isCut, markAllSeen } = useBell()
  const [isOpen, setOpen] = useState(false)
  const [path] = useLocation()
  const area = useRef<HTMLDivElement>(null)
  const panel = useId()
  useShortcut('b', 'New groups of errors', () => setOpen((open) => !open))
  // Whoever has gone to a group has no more use for the list.
  useEffect(() => setOpen(false), [path])
  useEffect(() => {
    if (!isOpen) return
    const close = (event: Event): void => {
      const isWithin = event.target instanceof Node && area.current?.contains(event.target) === true
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !isWithin) setOpen(false)
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [isOpen])
  const count = `${groups.length}${isCut ? '+' : ''}`
  const label = groups.length === 0 ? 'No new groups' : countOf(groups.length, 'new group')
  return (
    <div class="bell" ref={area}>
      <button
        type="button"
        class="icon"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setOpen(!isOpen)}
      >
        <BellMark />
        {groups.length > 0 && (
          <span class="bell-count" aria-hidden="true">
            {count}
          </span>
        )}
      </button>
      <span class="hidden" role="status">
        {groups.length === 0 ? '' : label}
      </span>
      <section id={panel} class="bell-panel" hidden={!isOpen} aria-label="New groups of errors">
        {groups.length === 0 ? (
          <Empty title="Nothing new.">
            Groups of errors that are new, or that came again after a release fixed them, show here.
          </Empty>
        ) : (
          <>
            <ul>
              {groups.map((group) => (
                <li key={group.fingerprint}>
                  {group.status === 'regressed' ? (
                    <StatusBadge status="regressed" />
                  ) : (
                    <Badge tone="info">New</Badge>
                  )}
                  <Link href={paths.group(group.fingerprint)}>
                    {readTitle(group.title).headline}
                    <span class="row-note mono">{readTitle(group.title).endpoint}</span>
                  </Link>
                  <Ago at={rangAt(group)} />
                </li>
              ))}
            </ul>
            <button type="button" onClick={markAllSeen}>
              Mark all as seen
            </button>
          </>
        )}
      </section>
    </div>
  )
}

function BellMark() {
  return (
    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 1.5a4 4 0 0 0-4 4v2.7L2.6 11v.8h10.8V11L12 8.2V5.5a4 4 0 0 0-4-4Z" />
      <path d="M6.4 13.2a1.7 1.7 0 0 0 3.2 0" />
    </svg>
  )
}
