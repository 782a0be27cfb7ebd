/** Fastify's own request ids begin anew with each process, so that they do not tell requests apart. */
export function UncertainNote() {
  return (
    <p class="muted">
      Put together by time: these records may be of several requests. Fastify’s own request ids
      begin anew with each process; with ids of your own (<code>genReqId</code>) there is no doubt.
    </p>
  )
}
