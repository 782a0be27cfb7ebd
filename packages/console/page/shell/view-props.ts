/** What a view is given: the parts of its path that have a name, decoded. */
export interface ViewProps {
  readonly params: Readonly<Record<string, string>>
}
