import { closeSync, writeFileSync } from 'node:fs'
import { narrowedText, openOwnedFile, printableText } from '@fastify-scs/core/kit'
import { ReportFileError } from '../errors.js'
import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, namedReporter } from './reporter.js'

/** Where a file reporter writes. */
export interface FileOptions {
  /**
   * Path of the file; its folder must exist. The file gets the mode 0600, also if it exists and others have access to it. A
   * symbolic link is followed to a regular file of this user only. The file is not rotated, but may be moved away at any time.
   */
  readonly path: string
}

/**
 * Appends each report to a file, as one line of JSON.
 *
 * @throws SCS_REPORTER_ERR_FILE when the file cannot be opened
 */
export function fileReporter({ path }: FileOptions): ErrorReporter {
  assertWritable(path)
  // Synchronously: a report is a few kilobytes, and there are 60 a minute at most.
  const append = (report: CrashReport): void => {
    appendLine(path, `${printableText(JSON.stringify(report))}\n`)
  }
  return namedReporter('file', (_title, _message, report) => append(report), {
    sync: (_title, _message, report) => append(report),
    ignoresMessage: true,
  })
}

function appendLine(path: string, line: string): void {
  const { fd, isTorn } = open(path)
  try {
    writeFileSync(fd, isTorn ? `\n${line}` : line)
  } finally {
    closeSync(fd)
  }
}

function open(path: string): ReturnType<typeof openOwnedFile> {
  const file = openOwnedFile(path)
  if (file.narrowedFrom !== undefined) {
    process.stderr.write(`fastify-scs: file reporter: ${narrowedText(path, file.narrowedFrom)}\n`)
  }
  return file
}

function assertWritable(path: string): void {
  try {
    closeSync(open(path).fd)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw Object.assign(new ReportFileError(path, reason), { cause: error })
  }
}
