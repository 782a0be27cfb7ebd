import assert from 'node:assert/strict'
import { defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'

const unknownCoupon = defineError({
  code: 404,
  id: 'coupons-unknown',
  message: 'There is no such coupon',
})

/**
 * Letters and digits in groups, as SPRING-26-TEA. A mistake that many have made: a text without hyphens can be cut into groups in as
 * many ways as 2 to the power of its length, and one that does not match is tried in all of them.
 */
const COUPON_CODE = /^(?:[A-Z0-9]+-?)+$/

/** The coupons that there are, with what they take off. */
const PERCENT_OF = new Map([
  ['SPRING-26-TEA', 10],
  ['WELCOME', 5],
])

/** The longest code that is looked at: one character more doubles the time, and the demo has to live on. */
const MAX_CODE_LENGTH = 29

/** A path that makes the mistake felt. */
export const BLOCKING_PATH = '/coupons/SPRINGTEASPRINGTEASPRINGTEAS_'

const Coupon = Type.Object({ code: Type.String({ maxLength: MAX_CODE_LENGTH }) })

/** The route of coupons, which a code of 29 characters that is none blocks for a second or two. */
export const coupons: FastifyPluginAsync = async (app) => {
  app.scs.registerError(unknownCoupon)
  // V8 compiles an expression when it is used again: what a code costs is then the same for the first request.
  for (const code of PERCENT_OF.keys()) assert.ok(isCouponCode(code))
  app.get<{ Params: { code: string } }>(
    '/coupons/:code',
    { schema: { params: Coupon }, slowCall: 500, throws: [unknownCoupon] },
    async (request) => {
      const { code } = request.params
      const percent = isCouponCode(code) ? PERCENT_OF.get(code) : undefined
      if (percent === undefined) throw unknownCoupon()
      return { code, percent }
    },
  )
}

function isCouponCode(text: string): boolean {
  return COUPON_CODE.test(text)
}
