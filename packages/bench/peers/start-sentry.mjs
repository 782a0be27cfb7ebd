/** Starts Sentry with its defaults: no tracing; what it has to tell goes to the sink that the command line names. */
export function startSentry(Sentry, project) {
  const [, , , sink] = process.argv
  Sentry.init({
    dsn: `http://public@${sink}/${project}`,
    // A burst has more crashes than the transport holds by default; what is over that it drops.
    transportOptions: { bufferSize: 1_000 },
  })
}
