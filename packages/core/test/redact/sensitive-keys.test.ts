import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const { isSensitiveKey } = createRedactor()

describe('isSensitiveKey', () => {
  it.each(
    `password userPasswordConfirmation db_passwd passphrase stripeSecretKey xApiKeyOld API-KEY clientSecret
    Authorization proxy-authorization cookies set-cookie access_token refreshToken idToken id_token authToken
    x-csrf-token XSRF-TOKEN token tokens token2 resetToken deviceTokens jwt otp otp1 pin card_pin cardPin pan
    cardNumber card[number] creditCard ccnumber cvv CVV2 cvc csc securityCode iban accountNumber bank_account
    ssn socialSecurityNumber customerTaxId user_sort_code taxId tax_id nationalId connectionString privateKeyPem accessKeyId sessionId
    connect.sid PHPSESSID session auth x-auth basicAuth pwd dbPass user[password] user.password user[pin] signature
    sig X-Amz-Signature X-Amz-Security-Token credentials Ocp-Apim-Subscription-Key contraseña`.split(
      /\s+/,
    ),
  )('counts %s as sensitive', (key) => {
    expect(isSensitiveKey(key)).toBe(true)
  })

  it.each(
    `shipping company inside author authorId authority spinner tokenCount max_tokens total_tokens maxTokens
    cache_creation_input_tokens passenger compass nextPageToken tokenType tokenizer authMethod authSource key id name
    panel position design assign spin pinned topic processId side cardNotPresent card expiry otpExpiresAt
    description message status`.split(/\s+/),
  )('leaves %s readable', (key) => {
    expect(isSensitiveKey(key)).toBe(false)
  })

  it('recognises keys with full-width letters, accents, zero-width characters or any case', () => {
    for (const key of [
      'ｐａｓｓｗｏｒｄ',
      'pásswörd',
      'pass\u200bword',
      'PASSWORD',
      'p-a-s-s-w-o-r-d',
    ]) {
      expect(isSensitiveKey(key)).toBe(true)
    }
  })

  it('counts a key that is too long as sensitive', () => {
    expect(isSensitiveKey('x'.repeat(5000))).toBe(true)
  })

  it('counts the keys of the options as sensitive, in any notation and as a segment of a path', () => {
    const redactor = createRedactor({ keys: ['partner-key', 'partner-key', '', '---'] })
    for (const key of ['partnerKey', 'PARTNER_KEY', 'a[partner_key]', 'a.partnerKey', 'password']) {
      expect(redactor.isSensitiveKey(key)).toBe(true)
    }
    for (const key of ['partner', 'partnerKeys', '', '---'])
      expect(redactor.isSensitiveKey(key)).toBe(false)
  })

  it('hides every value under a key of the options, whatever its words, its value or its neighbours are', () => {
    const redactor = createRedactor({ keys: ['password_policy', 'tokens', 'pincode', 'token'] })
    const value = {
      passwordPolicy: 'strict',
      user: { 'password-policy': 1 },
      tokens: 1500,
      pincode: 110001,
      choices: [{ token: ' a', logprob: -1 }],
    }
    expect(redactor.value(value)).toEqual({
      passwordPolicy: '[redacted]',
      user: { 'password-policy': '[redacted]' },
      tokens: '[redacted]',
      pincode: '[redacted]',
      choices: [{ token: '[redacted]', logprob: -1 }],
    })
    expect(redactor.form('tokens=1500&pincode=1')).toBe('tokens=[redacted]&pincode=[redacted]')
  })

  it('does not examine the describing words of a key that is too long', () => {
    expect(isSensitiveKey(`${'a_'.repeat(100)}password_policy`)).toBe(false)
    expect(isSensitiveKey(`${'a_'.repeat(130)}password_policy`)).toBe(true)
    expect(isSensitiveKey(`${'a_'.repeat(130)}policy`)).toBe(false)
  })

  it('keeps the built-in lists when the options are empty', () => {
    const redactor = createRedactor({ keys: [], headers: [] })
    expect(redactor.isSensitiveKey('password')).toBe(true)
    expect(redactor.headers({ authorization: 'x' })).toEqual({ authorization: '[redacted]' })
  })

  it('gives the same results after more keys than its cache can hold', () => {
    const redactor = createRedactor()
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 3000; index += 1) redactor.isSensitiveKey(`key${index}`)
      expect(redactor.isSensitiveKey('password')).toBe(true)
      expect(redactor.isSensitiveKey('key7')).toBe(false)
    }
  })
})
