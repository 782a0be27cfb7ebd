/*
 * Card numbers: a known beginning with the length that belongs to it, and a check digit that fits. Beginnings and lengths
 * from https://en.wikipedia.org/wiki/Payment_card_number, the check digit (Luhn) from ISO/IEC 7812-1.
 */

// Visa; Mastercard; American Express; Diners; Discover; JCB; UnionPay; Maestro; Mir; RuPay; Troy.
const ISSUED = new RegExp(
  `^(?:${[
    '4(?:\\d{12}|\\d{15}|\\d{18})',
    '(?:5[1-5]\\d\\d|222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}',
    '3[47]\\d{13}',
    '3(?:0[0-5]|09|[689]\\d)\\d{11}',
    '(?:6011|64[4-9]\\d|65\\d\\d)\\d{12,15}',
    '35(?:2[89]|[3-8]\\d)\\d{12,15}',
    '62\\d{14,17}',
    '(?:5018|5020|5038|5893|6304|6759|676[1-3])\\d{9,15}',
    '220[0-4]\\d{12,15}',
    '(?:60|65|81|82)\\d{14}|508\\d{13}',
    '9792\\d{12}',
  ].join('|')})$`,
)

// As they are written: in one piece, or in groups with the same blank, hyphen or dot between them.
const LONG_FIRST: readonly RegExp[] = ['\\d{13,19}', ...['6-13', '6-10', '8-8'].map(grouped)].map(
  exact,
)
const FOUR_FIRST: readonly RegExp[] = [
  '4-4-4-4-3',
  '4-4-4-4',
  '4-6-5',
  '4-6-4',
  '4-4-5',
  '4-4-4-3',
  '4-4-4-1',
  '4-3-3-3',
]
  .map(grouped)
  .map(exact)

function exact(notation: string): RegExp {
  return new RegExp(`${notation}(?!\\w)`, 'y')
}

function grouped(lengths: string): string {
  const [first = '', ...rest] = lengths.split('-')
  const [second = '', ...others] = rest.map((length) => `\\d{${length}}`)
  return `\\d{${first}}([ .\\u00A0-])${[second, ...others].join('\\1')}`
}

/** Whether digits, without separators, are a card number. */
export function isCardNumber(digits: string): boolean {
  return ISSUED.test(digits) && hasCheckDigit(digits)
}

/** The end of the card number that begins at an index, or -1. */
export function cardEnd(text: string, start: number): number {
  const isFourFirst = /\D/.test(text.charAt(start + 4))
  for (const notation of isFourFirst ? FOUR_FIRST : LONG_FIRST) {
    notation.lastIndex = start
    if (!notation.test(text)) continue
    const end = notation.lastIndex
    if (isCardNumber(text.slice(start, end).replace(/\D/g, ''))) return end
  }
  return -1
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0
  let isDoubled = false
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const value = (digits.charCodeAt(at) - 48) * (isDoubled ? 2 : 1)
    sum += value > 9 ? value - 9 : value
    isDoubled = !isDoubled
  }
  return sum % 10 === 0
}
