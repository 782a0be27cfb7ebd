/** Stands for a body that cannot be seen without taking it from the application, and says why. */
export class NotRecorded {
  readonly marker: string

  constructor(why: string) {
    this.marker = `[not recorded: ${why}]`
  }
}
