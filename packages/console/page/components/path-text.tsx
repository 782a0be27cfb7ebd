import { Fragment } from 'preact'

/** A path that breaks after its slashes where it is too long for its line. */
export function PathText({ path }: { path: string }) {
  return (
    <span class="path">
      {path.split(/(?<=\/)/).map((part, index) => (
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  )
}
