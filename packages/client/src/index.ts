/** An error answer of a service. */
export interface ScsErrorAnswer {
  /** The id that clients match on. */
  readonly id: string
}
