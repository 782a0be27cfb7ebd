/*
 * Keys are compared as lower-case letters and digits: `X-Api-Key`, `api_key` and `apiKey` are all `apikey`.
 */

/** What makes a key sensitive wherever it occurs in it: long enough to be in no other word. */
export const STEMS: readonly string[] = listed(`
  password passwd passphrase passcode passwort kennwort motdepasse contrasena secret credential
  authorization authorisation cookie bearer csrf xsrf accesstoken refreshtoken authtoken apitoken
  sessiontoken securitytoken resettoken apikey accesskey privatekey signingkey encryptionkey
  decryptionkey masterkey sharedkey accountkey sshkey authkey hmackey licensekey deploykey
  subscriptionkey functionskey sharedaccesssignature connectionstring connstring sessionid
  sessionkey phpsessid seedphrase mnemonic authcode otpcode totpcode mfacode twofactorcode
  recoverycode backupcode verificationcode onetimecode codeverifier clientassertion samlresponse
  samlassertion amzsignature googsignature hubsignature stripesignature slacksignature cardnumber
  cardnum creditcard debitcard ccnumber ccnum securitycode cardcode cardverification accountnumber
  acctnumber bankaccount routingnumber socialsecurity socialinsurancenumber passportnumber
  driverslicense driverlicense taxidentification taxpayerid
`)

/** What makes a key sensitive as a word of its own, or as two neighbours: `card_pin`, `taxId`, `pin`. */
export const WORDS: readonly string[] = listed(`
  token tokens auth jwt jwe jws pwd pswd senha otp totp hotp pin pins pincode pan cvv cvc cvn csc
  cardno idtokenhint iban ibans ssn taxid nationalid sortcode nino bsn cpf sid sess sessid hmac
  salt
`)

/** What makes a key sensitive when it is the whole key, or a whole segment of a path: `signature`, `user[pass]`. */
export const WHOLE: readonly string[] = listed(`
  session signature sig authentication pass idtoken
`)

/** A sensitive word before one of these is described, not given: `tokenCount`, `authMethod`, `otpExpiresAt`. */
export const DESCRIBING: readonly string[] = listed(`
  count counts counter limit limits usage budget cost costs price size length type types kind
  method methods scheme mode status state name format level expires expiry expiration expired ttl
  lifetime age time timeout issued issuer url uri endpoint provider enabled required valid invalid
  missing error errors flow strategy policy rate per total window attempts retries exception
  service source mechanism
`)

/** A token after one of these is a number of language-model tokens or a page of a list: `max_tokens`, `nextPageToken`. */
export const COUNTING: readonly string[] = listed(`
  max min total prompt completion input output cached cache reasoning thinking audio text image
  used remaining num count read creation prediction context page next prev previous continuation
  sync unexpected
`)

/** Headers that are sensitive though their names alone would not tell. */
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
