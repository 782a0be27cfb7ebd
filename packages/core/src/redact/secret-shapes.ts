/** One kind of secret that is recognised by its form, whatever its key is. */
export interface SecretShape {
  readonly name: string
  /** The texts it may begin with. */
  readonly prefixes: readonly string[]
  /** Matches what follows the prefix. It is sticky, and never reads far before it fails. */
  readonly rest: RegExp
  /** The public page that describes this form. */
  readonly source: string
}

const GITLEAKS = 'https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml'
const GITHUB =
  'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/'
const GITLAB = 'https://docs.gitlab.com/security/tokens/#token-prefixes'
const AWS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html'
const TRUFFLEHOG = 'https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors'
const SLACK = 'https://docs.slack.dev/authentication/tokens'
const STRIPE = 'https://docs.stripe.com/keys'

/**
 * The secrets that are recognised by their form. Each minimum length is the shortest that the source gives, or less, so that
 * longer tokens of the future are still recognised. Private keys in PEM and web tokens are found by bare-secrets.ts,
 * card numbers by `cardEnd` below.
 */
export const SECRET_SHAPES: readonly SecretShape[] = [
  shape('GitHub token', 'ghp_ gho_ ghu_ ghs_ ghr_', /[\w-]{20,}(?:\.[\w-]+)*/y, GITHUB),
  shape('GitHub fine-grained token', 'github_pat_', /\w{20,}/y, GITHUB),
  shape(
    'GitLab token',
    'glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- gloas- glffct-',
    /[\w-]{16,}(?:\.[\w-]+)*/y,
    GITLAB,
  ),
  shape('GitLab runner registration token', 'GR1348941', /[\w-]{20,}/y, GITLAB),
  shape(
    'npm token',
    'npm_',
    /[A-Za-z0-9]{36,}/y,
    'https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/',
  ),
  shape('AWS access key id', 'AKIA ASIA ABIA ACCA', /[A-Z0-9]{16}(?![A-Za-z0-9])/y, AWS),
  shape('AWS Bedrock key', 'ABSK bedrock-api-key-', /[A-Za-z0-9+/]{40,}={0,2}/y, GITLEAKS),
  shape('Google API key', 'AIza', /[\w-]{35,}/y, GITLEAKS),
  shape(
    'Google OAuth token',
    'ya29.',
    /[\w-]{20,}(?:\.[\w-]+)*/y,
    'https://developers.google.com/identity/protocols/oauth2#size',
  ),
  shape(
    'Google OAuth client secret',
    'GOCSPX-',
    /[\w-]{20,}/y,
    'https://developers.google.com/identity/protocols/oauth2/web-server',
  ),
  shape(
    'Slack token',
    'xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-',
    /[\w%-]{12,}/y,
    SLACK,
  ),
  shape('Slack configuration token', 'xoxe.xoxb- xoxe.xoxp-', /[\w-]{12,}/y, SLACK),
  shape(
    'Slack hook',
    'hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/ hooks.slack-gov.com/services/',
    /[\w+/-]{20,}/y,
    'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  ),
  shape(
    'Discord hook',
    'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
    /\d{5,25}\/[\w-]{20,}/y,
    'https://discord.com/developers/docs/resources/webhook',
  ),
  shape(
    'Stripe key',
    'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_',
    /[A-Za-z0-9]{10,}/y,
    STRIPE,
  ),
  shape(
    'Stripe webhook secret',
    'whsec_',
    /[A-Za-z0-9+/]{20,}={0,2}/y,
    'https://docs.stripe.com/webhooks',
  ),
  shape(
    'Stripe client secret',
    'pi_ seti_ cs_live_ cs_test_ src_',
    /[A-Za-z0-9]{10,64}_secret_[A-Za-z0-9]{10,}/y,
    'https://docs.stripe.com/api/payment_intents/object#payment_intent_object-client_secret',
  ),
  shape('SendGrid key', 'SG.', /[\w-]{16,64}\.[\w-]{16,}/y, GITLEAKS),
  shape(
    'Telegram bot token',
    'AA',
    /(?<=(?<!\d)\d{6,16}:AA)[\w-]{30,}/y,
    'https://core.telegram.org/bots/api#authorizing-your-bot',
  ),
  // Class names of style sheets begin so too (`sk-fading-circle-container`), but have neither digits nor capitals.
  shape(
    'OpenAI style key',
    'sk-',
    /(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Z]|\w{20})[\w-]{20,}/y,
    GITLEAKS,
  ),
  shape(
    'OpenAI or Anthropic key',
    'sk-proj- sk-svcacct- sk-admin- sk-ant-',
    /[\w-]{16,}/y,
    GITLEAKS,
  ),
  shape('Perplexity key', 'pplx-', /[A-Za-z0-9]{32,}/y, GITLEAKS),
  shape('Groq or xAI key', 'gsk_ xai-', /\w{32,}/y, TRUFFLEHOG),
  shape('Hugging Face token', 'hf_ api_org_', /[A-Za-z0-9]{30,}/y, GITLEAKS),
  shape('Shopify token', 'shpat_ shpca_ shppa_ shpss_', /[A-Fa-f0-9]{32,}/y, GITLEAKS),
  shape('Square token', 'sq0atp-', /[\w-]{22,}/y, GITLEAKS),
  shape('Brevo key', 'xkeysib-', /[a-f0-9]{40,}(?:-[A-Za-z0-9]+)?/y, GITLEAKS),
  shape('DigitalOcean token', 'dop_v1_ doo_v1_ dor_v1_', /[a-f0-9]{40,}/y, GITLEAKS),
  shape('Databricks token', 'dapi', /[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/y, GITLEAKS),
  shape('PyPI token', 'pypi-AgE', /[\w-]{50,}/y, GITLEAKS),
  shape('RubyGems token', 'rubygems_', /[a-f0-9]{40,}/y, GITLEAKS),
  shape(
    'Docker Hub token',
    'dckr_pat_ dckr_oat_',
    /[\w-]{20,}/y,
    'https://docs.docker.com/security/access-tokens/',
  ),
  shape('Vault token', 'hvs. hvb.', /[\w-]{24,}/y, GITLEAKS),
  shape(
    'Doppler token',
    'dp.pt. dp.st. dp.ct. dp.sa.',
    /(?:[\w-]{3,40}\.)?[\w-]{20,}/y,
    'https://docs.doppler.com/reference/auth-token-formats',
  ),
  shape('Atlassian token', 'ATATT3', /[\w=-]{24,}/y, GITLEAKS),
  shape('Linear or Notion token', 'lin_api_ ntn_', /[A-Za-z0-9]{30,}/y, GITLEAKS),
  shape('Grafana token', 'glsa_ glc_', /[\w+/]{30,}={0,3}/y, GITLEAKS),
  shape('Sentry token', 'sntrys_ sntryu_', /[\w+/=.-]{40,}/y, GITLEAKS),
  shape('PlanetScale token', 'pscale_tkn_ pscale_pw_ pscale_oauth_', /[\w.-]{24,}/y, GITLEAKS),
  shape('Postman key', 'PMAK-', /[a-f0-9]{24}-[a-f0-9]{34}/y, GITLEAKS),
  shape('New Relic key', 'NRAK- NRII- NRJS-', /[\w-]{19,}/y, GITLEAKS),
  shape('Pulumi or Prefect token', 'pul- pnu_', /[A-Za-z0-9]{36,}/y, GITLEAKS),
  shape('Dynatrace token', 'dt0c01.', /[A-Za-z0-9]{20,}\.[A-Za-z0-9]{40,}/y, GITLEAKS),
  shape('Fly.io token', 'fo1_ fm1a_ fm1r_ fm2_', /[\w+/-]{40,}={0,3}/y, GITLEAKS),
  shape('Heroku key', 'HRKU-', /[\w-]{36,}/y, GITLEAKS),
  shape('age key', 'AGE-SECRET-KEY-1', /[A-Z0-9]{50,}/y, GITLEAKS),
]

function shape(name: string, prefixes: string, rest: RegExp, source: string): SecretShape {
  return { name, prefixes: prefixes.split(' '), rest, source }
}

/*
 * A card number has a known beginning, a length that belongs to that beginning, and a valid check digit. Beginnings and lengths
 * are from https://en.wikipedia.org/wiki/Payment_card_number, the check digit (Luhn) is from ISO/IEC 7812-1.
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

// Notations: without separators, or in groups that are all separated by the same space, hyphen or dot.
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

/** The end of the card number that starts at an index, or -1. */
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
