/*
 * Keys are compared as letters and digits in lower case: `X-Api-Key`, `api_key` and `apiKey` are all `apikey`.
 */

/** A key is sensitive if one of these occurs anywhere in it. They are long enough not to occur within other words. */
export const STEMS: readonly string[] = listed(`
  password passwd passphrase passcode passwort pasword passwrd psswrd kennwort motdepasse contrasena
  wachtwoord storepass keypass passkey secret credential
  authorization authorisation cookie bearer csrf xsrf accesstoken refreshtoken authtoken apitoken
  sessiontoken securitytoken resettoken apikey accesskey privatekey privkey signingkey encryptionkey
  decryptionkey symmetrickey masterkey sharedkey accountkey sshkey authkey hmackey aeskey rsakey
  licensekey licencekey deploykey activationkey recoverykey
  subscriptionkey functionskey sharedaccesssignature connectionstring connstring sessionid
  sessionkey phpsessid seedphrase seedwords recoveryphrase mnemonic authcode otpcode totpcode mfacode
  tfacode twofacode twofactorcode smscode logincode emailcode accesscode unlockcode pairingcode
  devicecode securecode magiccode magiclink activationcode confirmationcode authenticationcode
  recoverycode backupcode verificationcode onetimecode codeverifier oauthverifier pkceverifier
  clientassertion samlresponse securityanswer challengeanswer maidenname
  samlassertion amzsignature googsignature hubsignature stripesignature slacksignature cardnumber
  cardnum creditcard debitcard ccnumber ccnum securitycode cardcode cardverification accountnumber
  acctnumber bankaccount routingnumber socialsecurity socialinsurancenumber passportnumber passportno
  driverslicense driverlicense driverslicence driverlicence taxidentification taxpayerid aadhaar
`)

/** A key is sensitive if one of these is a whole word of it, or two adjacent words: `card_pin`, `taxId`, `pin`. */
export const WORDS: readonly string[] = listed(`
  token tokens auth jwt jwe jws pw pwd pswd psw psk senha mdp otp totp hotp pin pins mpin tpin puk pan cvv
  cvc cvn csc ccv cv2 cardno idtokenhint iban ibans ssn taxid nationalid sortcode nino bsn cpf sid sess
  sessid hmac salt creds
`)

/** A key is sensitive if one of these is its last word: `dbPass`, `github_pat`. */
export const LAST_WORDS: readonly string[] = listed('pass pat')

/** Words that end in `pass` and do not mean a password. */
export const PASSES: readonly string[] = listed(`
  compass bypass trespass overpass underpass encompass surpass lowpass highpass bandpass allpass
  multipass
`)

/** A key is sensitive if one of these is the whole key, or a whole segment of a path: `signature`, `user[pass]`. */
export const WHOLE: readonly string[] = listed(`
  session signature sig authentication pass idtoken
`)

/** A header is sensitive if one of these is its last word: `x-session`, `x-acme-signature`. */
export const LAST_WORDS_OF_HEADERS: readonly string[] = listed(`
  session signature sig authentication
`)

/** Harmless words that contain a stem, alone or together with the word before (`sessionIdle`, `secRetries`). */
export const INNOCENT: readonly string[] = listed(`
  secretar secretion secretive passwordless cookieless cookiecutter idle retri retry
`)

/**
 * Last words of keys whose value describes a secret and is not the secret: `passwordChangedAt`, `apiKeyId`. Left out are words that
 * may also say whose secret it is (`PASSWORD_SERVICE`) or in which form it is (`passwordHash`, `secretText`).
 */
export const DESCRIBING: readonly string[] = listed(`
  at on by in date day days week weeks month months year years hour hours minute minutes min mins
  seconds sec secs ms millis milliseconds time times timestamp ts since until ago duration interval
  period age ttl lifetime timeout expiry expires expire expired expiration created updated modified
  revoked issued rotated
  id ids uuid arn urn ref refs reference references name names label labels title description slug
  alias index position offset line column version versions revision fingerprint thumbprint prefix
  type types kind kinds class category brand network scheme method methods mode format formats
  algorithm algorithms alg encoding mechanism strategy flow path paths file filename folder
  directory location country currency field fields variable
  status state stage phase check checks validity validation valid invalid strength score quality
  level entropy enabled disabled active required optional missing supported allowed permitted error
  errors failure failures warning warnings reason reasons message messages
  count counts counter total limit limits quota usage budget cost costs price amount balance size
  length len max maximum minimum rate per attempts retries remaining percent percentage ratio average
  policy policies rule rules requirement requirements constraint constraints complexity pattern regex
  regexp schema rounds iterations
  consent preference preferences banner notice
  url urls uri uris endpoint endpoints issuer audience scope scopes permission permissions roles
  last4 lastfour lastdigits first6 firstsix bin masked event events
`)

/** Pairs of last words that describe a secret although the last word alone does not: `passwordLastSet`. */
export const DESCRIBING_PAIRS: readonly string[] = listed(`
  last4 lastfour lastdigits first6 firstsix lastset lastchanged lastchange lastused lastupdated
  statuscode errorcode resultcode responsecode reasoncode countrycode currencycode samesite
  changedat updatedat createdat expiresat expiresin issuedat revokedat usedat
`)

/** Words that describe a word of WORDS when they come right after it: `tokenService`, `authMethodUsed`. */
export const DESCRIBING_WORDS: readonly string[] = listed(`
  provider service source exception window flow
`)

/** Last words of keys whose value is the secret although a describing word comes before: `token_type_value`. */
export const GIVING: readonly string[] = listed(`
  value values val hash digest key keys code pass phrase string data raw plain plaintext text content
  secret new old current previous confirm confirmation repeat again input bytes hex base64 b64 encoded
  encrypted cipher ciphertext pem blob body json header headers dump backup copy
`)

/** By family (see `familyOf`): words that describe only a secret of this family. */
export const DESCRIBING_OF: Readonly<Record<string, readonly string[]>> = {
  tokens: listed(`
    used left consumed spent generated granted details second minute address addresses symbol decimals
    supply contract contracts holder holders standard
  `),
  token: listed(`
    address addresses symbol decimals supply contract contracts holder holders standard owner bucket
    budget details logprob logprobs
  `),
  auth: listed(`
    user username owner login logout page module client guard host port server domain route context
    middleware plugin failed
  `),
  cookie: listed('domain secure httponly parser plugin'),
  secret: listed('engine store stores manager provider backend namespace'),
  credential: listed('provider source store'),
  authorization: listed('server model'),
  check: listed('result results response'),
  account: listed('holder issuer'),
}

/** By family: words that describe other secrets, but not those of this family (`secret_id` of Vault, `passwordResetUrl`). */
export const GIVING_OF: Readonly<Record<string, readonly string[]>> = {
  secret: listed('id url uri message messages field fields'),
  token: listed('uuid'),
  accesskey: listed('id'),
  cookie: listed('id'),
  password: listed('url uri reseturl reseturi'),
  magiclink: listed('url uri'),
  session: listed('id ids'),
}

const FAMILIES: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['tokens', /^tokens$/],
  ['token', /token$/],
  ['auth', /^auth$/],
  ['check', /^(?:cv.|ccv|csc|securitycode|cardverification|cardcode)$/],
  ['account', /^(?:bankaccount|accountnumber|acctnumber|creditcard|debitcard|card.*|cc.*)$/],
  ['password', /^(?:pass.*|pw.*|psw|passphrase)$/],
  ['session', /^(?:sess.*|sid|phpsessid)$/],
  ['authorization', /^authori[sz]ation$/],
  ['cookie', /^cookie$/],
  ['secret', /^secret$/],
  ['credential', /^credential$/],
  ['accesskey', /^accesskey$/],
  ['magiclink', /^magiclink$/],
]

/** The family of a stem or word: secrets that the same words describe. An empty text stands for all others. */
export function familyOf(name: string): string {
  return FAMILIES.find(([, pattern]) => pattern.test(name))?.[0] ?? ''
}

/** Last words of paths that name a text about a secret: `login.password.placeholder`, `errors.password.too_short`. */
export const LABELS: readonly string[] = listed(`
  placeholder hint help helper tooltip heading button caption legend subtitle
  short long weak mismatch mismatched match incorrect wrong empty reset forgot forgotten show hide
  toggle change changed update submit cancel
  success failed get list create delete manage revoke rotate view deleted
`)

/** Last words of scopes: `tokens:read`. */
export const ACTIONS: readonly string[] = listed(`
  read write readonly edit add remove export import approve execute
`)

/** `token` after one of these is a count of language-model tokens, a page of a list or a token of a grammar. */
export const COUNTING: readonly string[] = listed(`
  max min total prompt completion input output cached cache reasoning thinking audio text image
  used remaining num count read creation prediction context page next prev previous continuation
  sync unexpected logprob logprobs eos bos pad unk mask sep cls special stop
`)

/** `tokens` after one of these is a count: `n_tokens`, `limit-tokens`. */
export const COUNTING_MANY: readonly string[] = listed(`
  n nb new limit budget billed generated estimated accepted rejected consumed granted spent saved
  allowed available free left extra burst refill ratelimit video tool lp sum avg average mean rate
`)

/** Keys that hold the name in pairs such as `{ name: 'password', value: '...' }`. */
export const PAIR_LABELS: readonly string[] = listed(`
  name key field property path param parameter attribute variable header id type title label k n purpose
  option setting column argument arg flag env prop loc fieldname columnname headername keyname
  parametername parameterkey attributename propertyname variablename optionname settingname configkey
  configname cookiename instancepath datapath
`)

/** Keys that hold the value in such pairs, besides all that end in `value` or `values`. */
export const PAIR_VALUES: readonly string[] = listed(`
  value values val vals v content default received input actual current previous before after old new
  from to
`)

/** `number` is a card number if one of these keys stands beside it. */
export const CARD_KEYS: readonly string[] = listed(`
  cvc cvv cvv2 cvc2 csc ccv cv2 securitycode cardcode verificationvalue verificationcode expmonth expyear
  expirymonth expiryyear expirationmonth expirationyear expiry expirydate expirationdate expdate
  validthru cardholder cardholdername
`)

/** The private parameters of a JSON Web Key, which stand beside `kty`. Source: RFC 7518, 6.2.2, 6.3.2 and 6.4.1. */
export const WEB_KEY_PARTS: readonly string[] = listed('d p q dp dq qi k oth')

/** Headers that are always sensitive. */
export const HEADERS: readonly string[] = listed(`
  authorization proxy-authorization authentication-info proxy-authentication-info cookie
  set-cookie x-api-key x-auth-token x-csrf-token x-xsrf-token dpop x-amz-security-token
  x-goog-iap-jwt-assertion x-goog-api-key cf-access-jwt-assertion x-vault-token x-gitlab-token
  private-token job-token x-functions-key x-rapidapi-key x-hub-signature x-hub-signature-256
  stripe-signature x-slack-signature x-twilio-signature paypal-transmission-sig
  x-shopify-hmac-sha256 x-square-hmacsha256-signature svix-signature webhook-signature
  x-webhook-signature x-signature x-line-signature x-razorpay-signature x-ms-client-principal
  x-forwarded-client-cert ocp-apim-subscription-key x-zm-signature
`)

function listed(words: string): readonly string[] {
  return words.trim().split(/\s+/)
}
