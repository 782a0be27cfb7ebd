import type { Group } from '../api/model.js'
import type { Judgement } from './compare-calls.js'

/** An error that came less often may be an old, rare one that was not seen before. */
const SURE_OCCURRENCES = 3

/** Says what the groups of errors of a release mean. Reports of slow calls are judged by the durations instead. */
export function judgeGroups(
  newGroups: readonly Group[],
  regressedGroups: readonly Group[],
  isComparable: boolean,
): Judgement {
  const errors = newGroups.filter(isError)
  const often = errors.filter(({ occurrences }) => occurrences >= SURE_OCCURRENCES)
  const counts = `${errors.length} groups of errors are new, ${often.length} of them with ${SURE_OCCURRENCES} occurrences or more; ${regressedGroups.length} have come again after they were resolved.`
  if (regressedGroups.length > 0) return { verdict: 'worse', reason: counts }
  if (!isComparable)
    return { verdict: 'too little traffic', reason: `${counts} In the first release all are new.` }
  if (often.length > 0) return { verdict: 'worse', reason: counts }
  if (errors.length > 0)
    return {
      verdict: 'too little traffic',
      reason: `${counts} They are too rare to say that the release has brought them.`,
    }
  return { verdict: 'same', reason: counts }
}

function isError({ kind }: Group): boolean {
  return kind === 'fatal' || kind === 'non-fatal' || kind === null
}
