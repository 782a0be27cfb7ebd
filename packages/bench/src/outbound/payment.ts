/** A line of an order; together they make a body of 1.7 KB. */
function lineOf(item: number): object {
  return { sku: `TEA-GREEN-${250 + item}`, quantity: 2, price: 1_295 + item, tax: 0.07 }
}

/** What a client sends to the payment service: JSON of 1.7 KB. */
export const PAYMENT: string = JSON.stringify({
  amount: { currency: 'EUR', value: 12_345 },
  reference: 'order-2026-000417',
  customer: { id: 'c-99812', name: 'Zoe Mueller', email: 'zoe@example.com', country: 'DE' },
  lines: Array.from({ length: 24 }, (_none, item) => lineOf(item)),
  returnUrl: 'https://shop.example/orders/000417/paid',
})

/** What the payment service answers: JSON of 1.7 KB. */
export const RECEIPT: string = JSON.stringify({
  id: 'pay_7Qk2vXo1',
  status: 'authorised',
  links: { self: '/v2/payments/pay_7Qk2vXo1', capture: '/v2/payments/pay_7Qk2vXo1/capture' },
  risk: { score: 12, checks: ['address', 'velocity', 'device'] },
  lines: Array.from({ length: 24 }, (_none, item) => lineOf(item)),
  createdAt: '2026-11-03T10:15:30.412Z',
})
