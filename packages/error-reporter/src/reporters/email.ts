import { type ErrorReporter, namedReporter } from './reporter.js'

/** The part of a nodemailer transport that is used; the application makes it and closes it. */
export interface MailTransport {
  sendMail(mail: {
    readonly from: string
    readonly to: string
    readonly subject: string
    readonly text: string
    readonly disableFileAccess: true
    readonly disableUrlAccess: true
  }): Promise<unknown>
}

/** From whom and to whom reports are mailed. */
export interface EmailOptions {
  readonly from: string
  /** One address or more. */
  readonly to: string | readonly string[]
}

/** Mails each report: the title is the subject, the JSON the text. */
export function emailReporter(transport: MailTransport, { from, to }: EmailOptions): ErrorReporter {
  return namedReporter('email', (title, message) =>
    transport.sendMail({
      from,
      to: [to].flat().join(', '),
      subject: title,
      text: message,
      disableFileAccess: true,
      disableUrlAccess: true,
    }),
  )
}
