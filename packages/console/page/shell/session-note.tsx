import { Link } from 'wouter-preact'
import { useSession } from '../api/context.js'
import { paths } from './paths.js'

/** Whose console this is: the service, its environment and its release. */
export function SessionNote() {
  const session = useSession()
  const place = [session?.environment, session?.release].filter((each) => each != null).join(' · ')
  return (
    <div class="brand">
      <Link href={paths.overview()} class="brand-name">
        {session?.source ?? 'Console'}
      </Link>
      {place !== '' && <span class="brand-place">{place}</span>}
      {session?.isReadOnly === true && <span class="brand-place">read only</span>}
    </div>
  )
}
