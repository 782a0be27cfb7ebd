import type { CrashReport } from './crash-report.js'

/** Fields that a store drops where too much waits. */
type Sheddable = 'facts' | 'code'

/** A report as the store finds it: of one that had to make room, some fields are null. */
export type StoredReport = Omit<CrashReport, Sheddable> & {
  readonly [Field in Sheddable]: CrashReport[Field] | null
}
