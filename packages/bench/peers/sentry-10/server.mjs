import * as Sentry from '@sentry/node'
import { serveWithSentry } from '../serve-with-sentry.mjs'

await serveWithSentry(Sentry)
