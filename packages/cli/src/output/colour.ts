import { styleText } from 'node:util'
import type { Io, Sink } from '../io.js'

/** The colours that are used. */
export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold'

/** Puts a text into a colour, or leaves it as it is. */
export type Paint = (colour: Colour | undefined, text: string) => string

/** Colours are for terminals; NO_COLOR turns them off (https://no-color.org), and FORCE_COLOR on, as for Node itself. */
export function painter(sink: Sink, env: Io['env']): Paint {
  if (!hasColours(sink, env)) return (_colour, text) => text
  return (colour, text) =>
    colour === undefined ? text : styleText(colour, text, { validateStream: false })
}

function hasColours(sink: Sink, env: Io['env']): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused } = env
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (refused !== undefined && refused !== '') return false
  return sink.isTTY === true && env.TERM !== 'dumb'
}
