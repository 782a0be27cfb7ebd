/** Placeholder of the commit that declares the reading part. */
export class LiveHub {
  readonly clients = 0
}
