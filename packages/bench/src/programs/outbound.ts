import type { Sample } from '../measure/participant.js'
import { callers } from '../outbound/callers.js'
import { PAYMENT, RECEIPT } from '../outbound/payment.js'
import { answerRequests } from './answer-requests.js'

const [name = '', origin = '', callsAtOnce = '1', turnCalls = '192'] = process.argv.slice(2)
const load = callers[name]
if (load === undefined) {
  throw new Error(`Unknown caller '${name}'. Known: ${Object.keys(callers).join(', ')}`)
}
const makeCaller = await load()
const caller = await makeCaller(origin)

await answerRequests({ turn })

async function turn(): Promise<Sample> {
  let left = Number(turnCalls)
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const receipt = await caller.call(PAYMENT)
      if (receipt !== RECEIPT) throw new Error(`The payment service answered: ${receipt}`)
    }
  }
  await Promise.all(Array.from({ length: Number(callsAtOnce) }, work))
  await caller.settle?.()
  return { calls: Number(turnCalls) }
}
