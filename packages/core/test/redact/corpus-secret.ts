/** Stands in every secret of the corpus, so that a leak is found wherever it is. */
export const CANARY = 'cAnArY7391'

/** Keys that give a secret, in any notation. */
export const SECRET_KEYS: readonly string[] = `
  password Password PASSWORD pass_word p-a-s-s-w-o-r-d passwords password1 password_2 newPassword
  oldPassword current_password passwordConfirmation password_confirm confirm_password passwordRepeat
  passwordHash password_hash hashedPassword passwordDigest passwordText passwordValue passwordInput
  userPassword db_password DB_PASSWORD_PROD PASSWORD_SERVICE password-for-db smtp.password
  user[password] user.password.old login.password userpassword dbpasswd passwd passwrd pasword psswrd
  passphrase passcode passwort kennwort motdepasse senha contraseña wachtwoord mdp
  passwordResetUrl password_reset_url passwordHint password_answer
  pw PW db_pw userPw pwHash psw psk PSK wifiPsk pswd pwd userPwd dbpwd root_pwd
  pass dbPass db_pass userpass smtppass user[pass] storepass storePass keypass keyPass trustStorePass
  passkey passKey pat PAT github_pat azurePat
  secret SECRET clientSecret client_secret clientsecret secret_name_value secretValue secretText secretKey
  secret_key secretAccessKey aws_secret_access_key secretHash secret_id SecretId secretMessage secretField
  secret_answer appSecret jwtSecret webhookSecret oldSecret secret_1 apiKeyIdSecret
  credential credentials credentialValue aws_creds creds credential_id_token
  apiKey api_key API-KEY x-api-key apikey apikeys apiKeyValue apiKeyHash API_KEY_SERVICE stripeApiKey
  openapi_key accessKey access_key_id accessKeyId private_key privateKey privateKeyPem privKey signing_key
  encryptionKey masterKey sharedKey symmetricKey aesKey hmacKey sshKey authKey licenseKey licence_key
  deployKey activationKey recovery_key seed_phrase recoveryPhrase mnemonic connectionString
  token Token tokens2 token1 accessToken access_token refreshToken idToken id_token authTokens deviceToken
  pushToken usertoken bot_token csrfToken xsrf resetToken invitation_token token_value token_type_value
  tokenHash tokenUuid tokenSecret public_token user_token tokens[0] new_token
  auth authHeader auth_header basicAuth x-auth authData auth_value auth_key auth_string authorization
  Authorization proxyAuthorization authorization_code authorizationHeader bearer bearerToken
  jwt userJwt jws jwe cookie cookies cookieValue cookie_header setCookie cookieId cookieHeader
  session sessionId session_id sessionID sessionIdentifier sessionKey session[id] sid connect.sid sessid
  PHPSESSID JSESSIONID signature sig request.signature X-Amz-Signature
  pin PIN cardPin pin_code pinCode pinHash mpin tpin puk pan cvv CVV2 cvc cvn csc ccv cv2 cvvValue cvv_code
  cardNumber card_number card[number] cardnumber creditCard credit_card_number creditcard ccNumber
  debitCard cardNumberFull securityCode cardCode
  otp otp1 userOtp otpCode otp_code totp hotp mfaCode smsCode sms_code SMS_CODE loginCode access_code
  accessCode unlockCode confirmation_code verificationCode backup_code oneTimeCode twoFactorCode
  device_code activationCode magicLink code_verifier oauth_verifier oauthVerifier security_answer
  securityAnswer mothersMaidenName
  iban IBAN ibans accountNumber account_number bankAccount bank_account_number routingNumber sortCode
  ssn SSN social_security_number taxId tax_id nationalId passportNumber driversLicense aadhaar nino
  salt hmac passwordSalt samlResponse client_assertion
`
  .trim()
  .split(/\s+/)

/** Values in which the canary stands under a key that does not tell by itself. */
export const SECRET_VALUES: readonly unknown[] = [
  { Name: 'DB_PASSWORD', Value: CANARY },
  { NAME: 'DB_PASSWORD', VALUE: CANARY },
  { name: 'password', value: CANARY },
  { Key: 'Password', Value: CANARY },
  { key: 'api_key', val: CANARY },
  { k: 'token', v: CANARY },
  { field: 'password', value: CANARY },
  { field: 'password', old: CANARY, new: 'x' },
  { field: 'password', from: 'x', to: CANARY },
  { field: 'password', rejectedValue: CANARY },
  { property: 'password', value: CANARY },
  { param: 'password', value: CANARY, msg: 'too short' },
  { path: 'password', value: CANARY },
  { path: ['user', 'password'], received: CANARY },
  { path: ['password'], context: { key: 'password', label: 'password', value: CANARY } },
  { loc: ['body', 'password'], input: CANARY },
  { instancePath: '/user/password', value: CANARY },
  { header: 'Authorization', value: CANARY },
  { name: 'Cookie', value: CANARY },
  { name: 'x-session', value: CANARY },
  { label: 'Password', value: CANARY },
  { id: 'password', type: 'CONCEALED', value: CANARY },
  { type: 'password', value: CANARY },
  { variable: 'STRIPE_SECRET_KEY', value: CANARY },
  { ParameterKey: 'DBPassword', ParameterValue: CANARY },
  { parameter_name: 'db_password', parameter_value: CANARY },
  { OptionName: 'DB_PASSWORD', Value: CANARY },
  { key: 'password', value: { stringValue: CANARY } },
  { name: 'password', values: [CANARY] },
  { name: 'password', default: CANARY },
  { name: 'csrf-token', content: CANARY },
  {
    env: [
      { name: 'A', value: 'b' },
      { name: 'PGPASSWORD', value: CANARY },
    ],
  },
  { number: CANARY, cvc: '1' },
  { number: CANARY, exp_month: 12, exp_year: 2030 },
  { card: { number: CANARY, expMonth: 12 } },
  { paymentMethod: { number: CANARY, expiry: '12/30', holder: 'J' } },
  { kty: 'RSA', n: 'abc', d: CANARY },
  { kty: 'oct', k: CANARY },
  { kty: 'RSA', p: CANARY, q: CANARY, dp: CANARY, dq: CANARY, qi: CANARY },
  {
    headers: [
      ['cookie', CANARY],
      ['accept', '*'],
    ],
  },
  { rawHeaders: ['Host', 'h', 'Cookie', CANARY] },
  { headers: ['host', 'h', 'authorization', CANARY] },
  {
    form: [
      ['user', 'bob'],
      ['password', CANARY],
    ],
  },
  { hasPassword: CANARY },
  { tokens: [CANARY] },
  { tokens: CANARY },
  { pass: CANARY, fail: 2 },
  { auth: { user: 'bob', data: CANARY } },
  { cookies: [CANARY] },
  { credentials: { mode: 'include', value: CANARY } },
  { password_policy: { password: CANARY } },
  { secretName: { secret: CANARY } },
]

/** Headers that are secret. */
export const SECRET_HEADERS: readonly string[] = `
  x-session X-Session session x-user-session x-acme-session x-session-id x-session-token
  x-acme-signature signature x-sig authentication x-authentication x-auth x-auth-key x-api-key
  api-key x-access-token x-refresh-token x-id-token authorization proxy-authorization cookie set-cookie
  x-csrf-token x-otp x-pin x-password x-secret x-client-secret x-pass x-pat x-psk x-amz-security-token
  x-goog-api-key x-vault-token private-token dpop ocp-apim-subscription-key stripe-signature
`
  .trim()
  .split(/\s+/)

/** URLs with the canary in them. */
export const SECRET_URLS: readonly string[] = [
  `/p;jsessionid=${CANARY}`,
  `/p;JSESSIONID=${CANARY}?x=1`,
  `/p;token=${CANARY}/items;page=2`,
  `/p;a=1;password=${CANARY};b=2`,
  `/p;PHPSESSID=${CANARY}#x`,
  `https://h/p;sid=${CANARY}/q?x=1`,
  `/p/token=${CANARY}/x`,
  `jdbc:sqlserver://h:1433;user=sa;password=${CANARY};encrypt=true`,
  `https://bob:${CANARY}@h/p`,
  `https://${CANARY}@h/p`,
  `/cb?a=1&pw=${CANARY}`,
  `/cb?access_code=${CANARY}#top`,
  `/cb#id_token=${CANARY}&state=1`,
  `/cb?foo=bar;token=${CANARY}`,
  `/cb?oauth_verifier=${CANARY}`,
  `/cb?ASP.NET_SessionId=${CANARY}`,
  `/cb?data=%7B%22Name%22%3A%22DB_PASSWORD%22%2C%22Value%22%3A%22${CANARY}%22%7D`,
  `https://hooks.slack.com/services/T00000000/B00000000/${CANARY}XXXXXXXXXXXXXX`,
  `https://hooks.slack.com/workflows/T00000000/A000/1234/${CANARY}XXXXXXXX`,
  `https://discord.com/api/webhooks/123456789012345678/${CANARY}abcdefghijklmnopqrst`,
  `https://api.telegram.org/bot110201543:AA${CANARY}abcdefghijklmnopqrstuvw/sendMessage`,
  `/download/ghp_${CANARY}abcdefghijklmnopqrstuvwxyz`,
  `/download?x=ghp_${CANARY}abcdefghijklmnopqrstuvwxyz`,
]

const alnum = `${CANARY}abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnop`
const hex = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'

/** Secrets that show by their shape: the text, and the part of it that must go. */
export const SECRET_SHAPES_SEEN: readonly (readonly [text: string, secret: string])[] = [
  ...[
    `ghp_${alnum.slice(0, 36)}`,
    `gho_${alnum.slice(0, 36)}`,
    `ghu_${alnum.slice(0, 36)}`,
    `ghs_${alnum.slice(0, 36)}`,
    `ghr_${alnum.slice(0, 36)}`,
    `github_pat_${alnum.slice(0, 22)}_${alnum.slice(0, 59)}`,
    `glpat-${alnum.slice(0, 20)}`,
    `glpat-${alnum.slice(0, 27)}.01.${alnum.slice(0, 9)}`,
    `gldt-${alnum.slice(0, 20)}`,
    `glrt-${alnum.slice(0, 20)}`,
    `glcbt-64_${alnum.slice(0, 20)}`,
    `glptt-${hex.slice(0, 40)}`,
    `GR1348941${alnum.slice(0, 20)}`,
    `npm_${alnum.slice(0, 36)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAIOSFODNN7EXAMPLE',
    `AIza${alnum.slice(0, 35)}`,
    `ya29.${alnum.slice(0, 60)}`,
    `GOCSPX-${alnum.slice(0, 28)}`,
    `xoxb-123456789012-123456789012-${alnum.slice(0, 24)}`,
    `xoxp-123456789012-123456789012-123456789012-${alnum.slice(0, 32)}`,
    `xoxa-2-${alnum.slice(0, 24)}`,
    `xoxs-1-1-1-${hex.slice(0, 20)}`,
    `xapp-1-A0123456789-1234567890123-${hex}`,
    `xoxe.xoxp-1-${alnum.slice(0, 80)}`,
    `sk_live_${alnum.slice(0, 24)}`,
    `sk_test_${alnum.slice(0, 24)}`,
    `rk_live_${alnum.slice(0, 24)}`,
    `whsec_${alnum.slice(0, 32)}`,
    `pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_${alnum.slice(0, 25)}`,
    `SG.${alnum.slice(0, 22)}.${alnum.slice(0, 43)}`,
    `sk-${alnum.slice(0, 48)}`,
    `sk-${hex.slice(0, 32)}`,
    `sk-proj-${alnum.slice(0, 70)}`,
    `sk-svcacct-${alnum.slice(0, 70)}`,
    `sk-admin-${alnum.slice(0, 70)}`,
    `sk-ant-api03-${alnum.slice(0, 70)}-AA`,
    `sk-ant-admin01-${alnum.slice(0, 70)}AA`,
    `pplx-${alnum.slice(0, 48)}`,
    `gsk_${alnum.slice(0, 52)}`,
    `hf_${alnum.slice(0, 34)}`,
    `shpat_${hex.slice(0, 32)}`,
    `sq0atp-${alnum.slice(0, 22)}`,
    `xkeysib-${hex}-${alnum.slice(0, 16)}`,
    `dop_v1_${hex}`,
    `dapi${hex.slice(0, 32)}`,
    `pypi-AgEIcHlwaS5vcmc${alnum.slice(0, 60)}`,
    `rubygems_${hex.slice(0, 48)}`,
    `dckr_pat_${alnum.slice(0, 27)}`,
    `hvs.${alnum.slice(0, 60)}`,
    `dp.pt.${alnum.slice(0, 43)}`,
    `dp.st.dev_main.${alnum.slice(0, 43)}`,
    `ATATT3${alnum.slice(0, 70)}`,
    `lin_api_${alnum.slice(0, 40)}`,
    `glsa_${alnum.slice(0, 32)}_0123abcd`,
    `sntryu_${hex}`,
    `pscale_tkn_${alnum.slice(0, 43)}`,
    `PMAK-${hex.slice(0, 24)}-${hex.slice(0, 34)}`,
    `NRAK-${alnum.slice(0, 27)}`,
    `pul-${hex.slice(0, 40)}`,
    `dt0c01.${alnum.slice(0, 24)}.${alnum.slice(0, 64)}`,
    `fo1_${alnum.slice(0, 43)}`,
    `HRKU-AA${alnum.slice(0, 58)}`,
    `AGE-SECRET-KEY-1${alnum.toUpperCase().slice(0, 58)}`,
    `ABSK${alnum.slice(0, 60)}`,
    // Cards: Visa of 13, 16 and 19 digits, Mastercard (both rows), American Express, Diners, Discover, JCB, UnionPay, Maestro.
    '4222222222222',
    '4242424242424242',
    '4000000000000000006',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '30569309025904',
    '6011111111111117',
    '3566002020360505',
    '6200000000000005',
    '6759649826438453',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    '4242\u00A04242\u00A04242\u00A04242',
    '3782 822463 10005',
    '3056 930902 5904',
  ].map((secret) => [secret, secret] as const),
  [`110201543:AA${alnum.slice(0, 33)}`, alnum.slice(0, 33)],
  [`hooks.slack.com/services/T0/B0/${alnum.slice(0, 24)}`, alnum.slice(0, 24)],
  [`\\nghp_${alnum.slice(0, 36)}`, alnum.slice(0, 36)],
  ['paid with 4242 4242 4242 4242 12/30 123', '4242 4242 4242 4242'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----', 'MIIEvQ'],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYBF\n-----END PGP PRIVATE KEY BLOCK-----', 'lQOYBF'],
  [`Bearer -${CANARY}`, CANARY],
  [`Bearer --${CANARY}`, CANARY],
  [`Bearer _${CANARY}`, CANARY],
  [`Bearer .${CANARY}`, CANARY],
  [`Bearer ~${CANARY}`, CANARY],
  [`bearer -.~${CANARY}`, CANARY],
]
