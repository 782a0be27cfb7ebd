import type { Sample, SampledFrame } from '../../src/blocked/protocol.js'

/** A frame: `work:12` lies in the application, `node:fs.read:3` in Node.js, `pkg/run:4` in a package. */
export function frame(text: string): SampledFrame {
  const [place = '', line = '1'] = text.split(/:(?=\d+$)/)
  const name = place.split(/[./]/).at(-1) ?? ''
  const file = place.startsWith('pkg/')
    ? 'file:///srv/node_modules/pkg/index.js'
    : 'file:///srv/app.js'
  const url = place.startsWith('node:') ? 'node:fs' : file
  return { name, url, line: Number(line), column: 1 }
}

/** A sample with these frames, innermost first. */
export function sample(frames: readonly string[], others: Partial<Sample> = {}): Sample {
  return {
    atMs: 500,
    isLate: false,
    handler: null,
    look: null,
    ...others,
    frames: frames.map(frame),
  }
}
