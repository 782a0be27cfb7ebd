/** One kind of secret that shows by its shape, whatever the key it stands under. */
export interface SecretShape {
  readonly name: string
  /** What it begins with. */
  readonly prefixes: readonly string[]
  /** What comes after the prefix; sticky, and with no part that reads far and then fails. */
  readonly rest: RegExp
  /** The public page that the shape is taken from. */
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
 * The secrets that are known by shape. Lengths are the least that the source gives or less, so that a new, longer form is
 * still known. Private keys in PEM and web tokens are found by bare-secrets.ts, card numbers by card-number.ts.
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
  // Names of style sheets begin so too (`sk-fading-circle-container`), but have no digit and no capital.
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
