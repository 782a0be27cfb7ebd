// The code of the shop's service around the places where it fails, as source maps and files would give it.

/** Five lines of each place: the third one is the place. Its key is a file in `src/` and the number of that line. */
export const SOURCE_LINES: Readonly<Record<string, string>> = {
  'customers/address-label.ts:31': `
/** The lines of a label; a company's name stands first. */
export function formatAddress({ name, company, address }: Customer): string[] {
  const place = [company ?? name, address.street]
  return [...place, \`\${address.postcode} \${address.city}\`]
}`,
  'customers/routes.ts:54': `
  app.get('/orders/:id/customer', async (request) => {
    const customer = await lookUp(request)
    const label = formatAddress(customer)
    return { id: customer.id, name: customer.name, label }
  })`,
  'payments/charge.ts:48': `
  const sent = provider.fetch('/v1/charges', { method: 'POST', body, signal })
  const answer = await sent.catch((cause: unknown) => {
    throw providerSilent({ cause })
  })
  return answer.ok ? settled(answer) : declinedBy(answer)`,
  'payments/routes.ts:71': `
    const { amount, card } = request.body
    await reserve(order)
    const charged = await charge(request, { order, amount, card })
    paid(request, { order: order.id, amount })
    return reply.code(201).send(charged)`,
  'stock/reservation.ts:22': `
    return await stock.query(RESERVE, [article, amount])
  } catch (cause) {
    throw new StockUnreachable(STOCK_URL, { cause })
  }
}`,
  'orders/place-order.ts:40': `
  const order = { ...given, id: orderIds.next(), placedBy: user.id }
  for (const { article, amount } of order.lines) {
    await reserve(article, amount)
  }
  return order`,
  'reports/calendar.ts:17': `
/** The day of a time in the shop's time zone, as 2026-11-26. */
export function dayOf(time: string | null): string {
  const inUtc = new Date(\`\${time}Z\`).toISOString()
  return inUtc.slice(0, 10)
}`,
  'reports/daily.ts:63': `
  const days = new Map<string, number>()
  for (const { settledAt, total } of payments) {
    add(days, dayOf(settledAt), total)
  }
  return days`,
  'payments/notification.ts:12': `
/** What the provider says about a payment. */
export function readNotification(body: string): Notification {
  const { event } = JSON.parse(body) as Sent
  return { key: event.key, isSettled: event.type === 'charge.settled' }
}`,
  'payments/webhook.ts:29': `
    if (!isSigned(request)) throw notSigned()
    const text = request.rawBody
    const notified = readNotification(text)
    await settle(notified)
    return reply.code(202).send({ received: true })`,
  'orders/order-table.ts:88': `
  async insert(order: Order, transaction: Transaction): Promise<void> {
    const values = order.lines.map(({ article, amount }) => [order.id, article, amount])
    await transaction.query(INSERT_LINES, [values])
    await transaction.query(TOUCH_STOCK, [order.lines.map(({ article }) => article)])
  }`,
  'orders/place-order.ts:52': `
  await begin(transaction)
  // Two orders of the same articles in another order wait for each other here.
  await orders.insert(order, transaction)
  await transaction.commit()
  placed(request, { order: order.id })`,
  'shipments/label.ts:37': `
  const { body, statusCode } = await request(label.url, { signal })
  if (statusCode !== 200) {
    throw new LabelUnavailable(label.url, { statusCode })
  }
  return Buffer.from(await body.arrayBuffer())`,
  'shipments/routes.ts:26': `
    const parcel = await book(order)
    try {
      await fetchLabel(parcel.label)
    } catch (caught) {
      request.reportError('The label could not be fetched and will be tried again', { caught })`,
  'orders/totals.ts:44': `
export function assertTotal({ total, lines }: Order): void {
  const sum = lines.reduce((cents, line) => cents + line.cents, 0)
  assert.equal(sum, total, \`The total of the order, \${total}, differs from the sum of its lines, \${sum}\`)
}
`,
  'orders/place-order.ts:61': `
  const order = await placeOrder(request.body)
  // The answer does not depend on it, hence a report and no error.
  assertTotal(order)
  return order
}`,
  'invoices/font.ts:120': `
    for (const character of text) {
      const glyph = this.#glyphs.get(character)
      if (!glyph) throw missingGlyph(this.name, character, field)
      codes.push(glyph.code)
    }`,
  'invoices/render-invoice.ts:75': `
  let top = TABLE_TOP
  for (const { article, amount, cents } of invoice.lines) {
    page.text(body.encode(article, 'article'), LEFT, top)
    page.text(price(cents * amount), RIGHT, top)
    top += LINE_HEIGHT`,
  'ledger/ledger.ts:19': `
  open(day: string): Book {
    const { lockedBy } = this.#table
    if (lockedBy) throw new LedgerClosedError(lockedBy)
    return this.#table.book(day)
  }`,
  'customers/lookup.ts:33': `
export async function lookUp(id: string): Promise<Customer> {
  const order = await orders.get(id)
  const { balance } = ledger.open(order.day)
  return { ...(await customers.get(order.customer)), balance }
}`,
  'orders/list-orders.ts:27': `
  const found = await orders.query(SELECT_ORDERS, [customer])
  for (const order of found) {
    order.lines = await lines.query(SELECT_LINES, [order.id])
  }
  return found`,
  'coupons/coupon-code.ts:12': `
/** Letters and digits in groups: SPRING-26-TEA. */
export function isCouponCode(text: string): boolean {
  return COUPON_CODE.test(text)
}
`,
  'coupons/routes.ts:24': `
  app.get('/coupons/:code', async (request) => {
    const { code } = request.params
    if (!isCouponCode(code)) throw unknownCoupon()
    return coupons.get(code)
  })`,
  'reports/archive.ts:31': `
/** A day of the archive, all of its lines at once. */
export function readDay(day: string): ArchivedDay {
  const archived = JSON.parse(readFileSync(pathOf(day), 'utf8')) as ArchivedDay
  return { ...archived, lines: archived.lines.filter(isCounted) }
}`,
  'reports/daily.ts:41': `
export function dailyReport(day: string): DailyReport {
  const previous = dayBefore(day)
  const [today, yesterday] = [readDay(day), readDay(previous)]
  return { day, sold: byArticle(today.lines), before: byArticle(yesterday.lines) }
}`,
  'reports/daily.ts:52': `
  const sorted = [...lines]
  // The whole list for each comparison of two articles.
  sorted.sort((one, other) => soldOf(lines, other) - soldOf(lines, one))
  return sorted.slice(0, TOP_ARTICLES)
}`,
}
