import * as Sentry from '@sentry/node'
import { startSentry } from '../start-sentry.mjs'

startSentry(Sentry, 10)
