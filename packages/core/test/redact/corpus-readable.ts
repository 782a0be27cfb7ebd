/** A key with a value that stays readable wherever it stands. */
export type KeyRow = readonly [key: string, value: unknown]

/** What describes a secret, counts it, points to it or only sounds like one. */
export const READABLE_KEYS: readonly KeyRow[] = rows(`
  passwordChangedAt 2026-01-01
  password_changed_at 2026-01-01
  PASSWORD_CHANGED_AT 2026-01-01
  passwordUpdatedAt 2026-01-01
  passwordLastSet 2026-01-01
  pwdLastSet 2026-01-01
  password_expires_at 2026-01-01
  passwordExpiryDays 90
  passwordAgeDays 12
  passwordLength 12
  passwordMinLength 8
  passwordMaxLength 64
  password_policy strict
  passwordPolicyId 7
  passwordStrength weak
  passwordScore 3
  passwordStatus expired
  passwordResetRequired yes
  passwordResetTokenExpiresAt 2026-01-01
  passwordAttempts 3
  passwordErrors 2
  passwordRequirements long
  passwordPattern [a-z]+
  password_field pwd
  passwordHashAlgorithm argon2id
  passwordFile /run/file
  PASSWORD_FILE /run/file
  passwordVersion 2
  passwordlessLogin email
  hasPassword true
  has_password yes
  isPasswordSet no
  requires_password true
  supportsPasskey false
  useCookies on
  requireToken off
  passkeyId abc
  passkeyName laptop
  apiKeyId abc
  api_key_id abc
  APIKeyID abc
  apikeyid abc
  apiKeyName ci
  apiKeyPrefix pk
  apiKeyLast4 ab12
  apiKeyCount 2
  apiKeyScopes orders
  apiKeyCreatedAt 2026-01-01
  apiKeyStatus revoked
  private_key_id abc
  privateKeyPath /etc/key
  privateKeyFormat pem
  signingKeyId abc
  signingKeyAlgorithm ed25519
  encryptionKeyArn arn
  encryptionKeyVersion 4
  sharedAccessKeyName root
  sshKeyFingerprint ab
  licenseKeyExpiry 2026-01-01
  secretName db
  secret_name db
  secretname db
  secretArn arn
  SecretARN arn
  secretVersion 3
  secretVersionId abc
  secretType opaque
  secretPath db/prod
  secretRef db
  secretKeyRef db
  secretCount 2
  secretStore vault
  secretEngine kv
  secretExpiresAt 2026-01-01
  client_secret_expires_at 0
  clientSecretExpiresAt 0
  secretary Jane
  secretaryEmail a@b.c
  secretariat Geneva
  executiveSecretary Jane
  secRetries 3
  credentialId abc
  credential_id abc
  credentialIds abc
  credentialType basic
  credentialName ci
  credentialProvider iam
  credentialsProvider iam
  credentialSource env
  credentialStatus active
  credentials include
  creditCardType visa
  credit_card_type visa
  creditcardtype visa
  creditCardBrand visa
  creditCardNetwork visa
  creditCardIssuer bank
  creditCardExpiryMonth 12
  creditCardLast4 4242
  creditCardLimit 5000
  creditCardCount 2
  card_number_last4 4242
  cardNumberLast4 4242
  cardNumberLastFour 4242
  card_number_last_4 4242
  cardNumberLength 16
  cardNumberMasked ****4242
  maskedCardNumber ****4242
  cardNumberBin 424242
  debitCardType maestro
  bankAccountId ba_1
  bank_account_id ba_1
  bankAccountType checking
  bankAccountName main
  bankAccountCountry DE
  bankAccountCurrency EUR
  bankAccountStatus verified
  accountNumberLast4 6789
  accountNumberType iban
  ibanCountry DE
  iban_country_code DE
  ssnLast4 6789
  cvv_check pass
  cvc_check pass
  cvvCheck fail
  cvcResult M
  cvv_result_code M
  cvvStatus match
  securityCodeCheck pass
  pincode 110001
  Pincode 110001
  PINCODE 110001
  pinLength 4
  pin_required yes
  pinAttempts 3
  pinRetriesRemaining 2
  pinExpiresAt 2026-01-01
  otpExpiresAt 2026-01-01
  otp_sent_at 2026-01-01
  otpLength 6
  otpMethod sms
  otpAttempts 2
  tokens 1500
  tokens_used 1500
  tokensUsed 1500
  tokensLeft 20
  tokens_remaining 20
  n_tokens 1500
  num_tokens 1500
  total_tokens 1500
  totalTokens 1500
  max_tokens 1500
  max_new_tokens 1500
  promptTokens 12
  completion_tokens 12
  reasoning_tokens 12
  cached_tokens 12
  cache_read_input_tokens 12
  budget_tokens 1024
  billed_tokens 12
  user_tokens 12
  tokenCount 12
  token_count 12
  tokensPerSecond 80
  tokens_per_minute 80
  tokenLimit 4096
  tokenUsage 12
  tokenBudget 12
  tokenPrice 0.1
  tokenType opaque
  token_type opaque
  token_type_hint refresh
  tokenId 42
  tokenIds 42
  tokenName ci
  tokenAddress 0xabc
  token_address 0xabc
  tokenSymbol USDC
  tokenDecimals 18
  tokenSupply 1000000
  tokenBalance 12.5
  tokenStandard ERC-20
  tokenExpiresAt 2026-01-01
  tokenExpiresIn 3600
  access_token_expires_in 3600
  refresh_token_expires_at 2026-01-01
  tokenLifetimeMs 3600
  tokenStatus revoked
  tokenIssuer me
  tokenAudience api
  tokenEndpoint https://h/t
  token_endpoint https://h/t
  token_endpoint_auth_method none
  token_endpoint_auth_methods_supported none
  tokenScopes read
  tokenVersion 2
  nextPageToken abc
  next_page_token abc
  continuationToken abc
  tokenizer bpe
  tokenization on
  eos_token </s>
  pad_token <pad>
  pad_token_id 0
  stop_tokens end
  logprobs[].token the
  authorizationStatus approved
  authorization_endpoint https://h/a
  authorizationUrl https://h/a
  authorizationId abc
  authorizationType oauth2
  authorizationModel rbac
  authMethod oidc
  authProvider google
  authStrategy local
  authUser bob
  authService svc
  authHost db
  authPort 5432
  authEnabled true
  auth_time 1700000000
  authFailureReason expired
  authErrorMessage denied
  author Jane
  authority nic
  authorId 7
  cookieConsent granted
  cookie_consent granted
  cookiePolicy v2
  cookie_policy_url https://h/c
  cookieBanner shown
  cookiePreferences all
  cookieName sid
  cookieDomain h.example
  cookiePath /app
  cookieMaxAge 3600
  sessionCookieName sid
  xsrfCookieName XSRF
  xsrfHeaderName X
  csrfCookieName csrf
  csrfHeaderName x
  bearerFormat JWT
  bearer_methods_supported header
  sessionCount 3
  sessionDuration 12
  sessionTimeout 30
  sessionIdleTimeout 30
  sessionStatus open
  sessionType web
  jwtAlgorithm RS256
  jwtIssuer me
  jwtExpiresIn 3600
  jwksUri https://h/k
  id_token_signing_alg_values_supported RS256
  code_challenge_method S256
  saltLength 16
  saltRounds 10
  passwordHashIterations 600000
  hmacAlgorithm sha256
  login.password.label Password
  login.password.placeholder Password
  login.password.hint minimum
  form.password.title Password
  errors.password.required Required
  errors.password.too_short Short
  validation.password.mismatch Different
  auth.login.title Welcome
  auth.errors.invalid Wrong
  settings.token.description Text
  page.secrets.heading Secrets
  password.reset done
  password.changed done
  token.revoke done
  secret.created done
  tokens:read allow
  tokens:write allow
  secrets:read allow
  api_keys:manage allow
  credentials:delete allow
  auth:login allow
  secretmanager.secrets.get allow
  shipping fast
  spinner on
  compass north
  bypass on
  bypassReason none
  passenger Jane
  passengers 3
  passthrough yes
  monkey blue
  keyboard de
  publicKey abc
  foreignKey abc
  primary_key id
  idempotencyKey abc
  cacheKey abc
  partitionKey abc
  sortKey abc
  panel left
  company X
  description D
  number 42
  houseNumber 42
  patient Jane
  pattern x
  patch 3
  pathway x
  patterns x
  expiry 12
  exp_month 12
  discussion x
  accessibility x
  mnemo x
`)

/** Values whose keys alone would not tell. */
export const READABLE_VALUES: readonly unknown[] = [
  { logprobs: { content: [{ token: ' Hello', logprob: -0.1, bytes: [32] }] } },
  {
    logprobs: {
      content: [{ token: 'a', logprob: -1, top_logprobs: [{ token: 'b', logprob: -2 }] }],
    },
  },
  { logprobs: { tokens: ['a', 'b'], token_logprobs: [-1, -2], text_offset: [0, 1] } },
  { details: { tokens: [{ id: 1, text: 'a', logprob: -1, special: false }] } },
  { usage: { tokens: 1500, input_tokens: 10, output_tokens: 20 } },
  { results: { pass: 10, fail: 2, skipped: 1 } },
  { pass: 10, failed: 0 },
  { address: { street: 'A', number: 7 } },
  { number: '4711', line: 2 },
  { name: 'tokens', value: 1500 },
  { name: 'hasPassword', value: true },
  { Name: 'Region', Value: 'eu' },
  { Key: 'Environment', Value: 'prod' },
  { name: 'Cookie policy', value: 'accepted' },
  { field: 'passwordChangedAt', old: '2026', new: '2027' },
  { key: 'passwordPolicy', value: 'strict' },
  { kty: 'RSA', n: 'abc', e: 'AQAB', kid: 'k1' },
  { d: 1, p: 2, q: 3, k: 4 },
  { password: null, token: false, secret: true },
  { password_policy: { minLength: 8, requireDigits: true } },
  { secretKeyRef: { name: 'db', key: 'url' } },
  [
    [1, 2],
    [3, 4],
  ],
  {
    points: [
      ['a', 1],
      ['b', 2],
    ],
  },
  { required: ['email', 'name'] },
  { rawHeaders: ['Host', 'h', 'Accept', '*/*'] },
  { headers: ['host', 'h', 'accept', 'x'] },
  { headers: ['authorization', 'x-total', 'etag'] },
  { timestamp: 1_700_000_000_000, micros: 1_700_000_000_000_000, id: 9_007_199_254_740_991 },
]

/** Headers that stay readable. */
export const READABLE_HEADERS: readonly KeyRow[] = rows(`
  x-ratelimit-limit-tokens 150000
  x-ratelimit-remaining-tokens 149984
  x-ratelimit-reset-tokens 6m0s
  anthropic-ratelimit-tokens-limit 1000
  anthropic-ratelimit-input-tokens-remaining 1000
  anthropic-ratelimit-tokens-reset 2026-01-01
  access-control-allow-credentials true
  access-control-expose-headers authorization
  cookie-consent granted
  x-token-expires 2026-01-01
  x-session-count 2
  x-session-duration 12
  x-auth-method oidc
  x-authenticated-scopes orders
  x-password-policy strict
  www-authenticate Basic
  idempotency-key abc
  etag abc
  sec-websocket-accept abc
  x-request-id abc
  traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
  x-amz-cf-id abc
`)

/** URLs that stay as they are. */
export const READABLE_URLS: readonly string[] = [
  '/orders/42;version=2/items?page=3',
  '/p;color=red;size=m',
  '/oauth/token?grant_type=client_credentials',
  '/users?sort=passwordChangedAt&limit=5',
  '/v1/usage?tokens=1500&max_tokens=20',
  '/search?hasPassword=true&token_type=bearer',
  'http://auth:3000/login',
  'https://h/secrets/db?secretName=db&secretVersion=3',
  'https://h/passwords/policy#top',
  '/cards?creditCardType=visa&card_number_last4=4242',
  '/area?pincode=110001',
]

/** Texts that look like a secret by their shape and are none. */
export const READABLE_SHAPES: readonly string[] = [
  '550e8400-e29b-41d4-a716-446655440000',
  '00000000-0000-4000-8000-000000000000',
  '0198f2c4-b7e9-7d3c-9a51-446655440000',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  '507f1f77bcf86cd799439011',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'sha512-abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
  'cus_NffrFeUfNV2Hib',
  'pi_3MtwBwLkdIwHu7ix28a3tqPa',
  'pk_live_51Habcdefghijklmnop',
  'pk_test_TYooMQauvdEDq54NiTphI7jx',
  'price_1MoBy5LkdIwHu7ixZhnattbh',
  'npm_package_name_of_something_that_is_long',
  'npm_config_user_agent',
  'sk-fading-circle-container-wrapper',
  'sk-cube-grid-with-a-long-name',
  'sk_SK',
  'ghp_short',
  'glpat-short',
  'hooks.slack.com',
  'SG.example',
  'AKIA is a prefix',
  'AIzawa',
  'xoxo, Jane',
  'the key-value store',
  '4111 1111 1111 1112',
  '4111111111111112',
  '1234567890123456',
  '1700000000000',
  '1700000000000000',
  '1700000000000000000',
  '0.4242424242424242',
  '3.4111111111111111',
  '9780306406157',
  '4006381333931',
  '+4917612345678',
  '175928847299117063',
  '2147483647 4294967295 9007199254740991',
  '4523 4412 5123 4412 9920 1000 2321 100',
  'order 4111-2222 of 2026-01-01',
  'a4242424242424242',
  '4242424242424242abc',
  'id_4242424242424242',
  '10.20.30.40 and 192.168.100.200',
  'v1.2.3-alpha.4242424242',
  'ratio 1234567890123:AAb',
]

function rows(table: string): KeyRow[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [key = '', ...rest] = line.trim().split(' ')
      return [key, parsed(rest.join(' '))]
    })
}

// Numbers and yes or no are what they look like; all else is a string.
function parsed(text: string): unknown {
  return /^(?:\d+(?:\.\d+)?|true|false)$/.test(text) ? JSON.parse(text) : text
}
