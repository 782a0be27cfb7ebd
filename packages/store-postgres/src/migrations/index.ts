import { records } from './0001-records.js'
import { reportGroups } from './0002-report-groups.js'
import { livingRecords } from './0003-living-records.js'
import type { Migration } from './migration.js'

/** Every step, in order. */
export const migrations: readonly Migration[] = [records, reportGroups, livingRecords]

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION: number = migrations.length
