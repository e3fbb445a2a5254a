// How programs that fetch pages by themselves name themselves in User-Agent. Spelling counts, as in Kong. No part of the
// pattern goes over a text twice, since it is the client who chooses the text.

/** Enough wherever they stand: search engines, archives, what looks at links for others, and libraries without a name. */
const NAMES = words(`
  Googlebot AdsBot-Google AppEngine-Google Feedfetcher-Google Mediapartners-Google
  bingbot BingPreview adidxbot msnbot MSIECrawler Slurp Baiduspider
  YandexBot YandexBlogs YandexDirect YandexFavicons YandexImages YandexMedia YandexMetrika YandexMobileBot YandexNews
  YandexVideo YandexWebmaster
  Applebot DuckDuckBot Exabot Gigabot Qwantify SeznamBot YodaoBot YoudaoBot archive.org_bot ia_archiver heritrix
  AhrefsBot DotBot MJ12bot PaperLiBot rogerbot Scrapy SemrushBot trendictionbot TurnitinBot Wotbox yacybot ZumBot
  Slackbot-LinkExpanding Slack-ImgProxy WhatsApp
  Apache-HttpClient Go-http-client Google-HTTP-Java-Client http%20client scalaj-http WinHTTP
  HttpMonitor JNLP Python-urllib TLSProber aihttp axios okhttp reqwest
  unirest-java unirest-net unirest-nodejs unirest-php unirest-python unirest-ruby
`)

/** Only with a version of two numbers behind them: the names alone say too little. The last lines are clients of S3. */
const NAMES_WITH_VERSION = words(`
  facebookexternalhit LinkedInBot Twitterbot
  008 Altresium Argus BaiduMobaider BoardReader DataparkSearch Goodzer Grub Infohelfer Nutch PathDefender Peew PostPost
  Steeler WebCrunch WebZIP YahooSeeker envolk sproose wminer
  Boto Boto3 JetS3t aws-cli aws-sdk-cpp aws-sdk-go aws-sdk-java aws-sdk-nodejs aws-sdk-ruby aws-sdk-ruby2 s3fs
`)

const KNOWN = new RegExp(
  [
    // Any word that says what it is ...
    '[Ss]pider|[Ss]crape|[Cc]rawl',
    // ... and those that say so only with a version: "robot" and "Botany" alone are other things.
    '(?:[Aa]rchiver|[Ii]ndexer|[Bb]ot)[ /][0-9]',
    ...NAMES,
    `(?:${NAMES_WITH_VERSION.join('|')})/[0-9]+\\.[0-9]`,
    'Pingdom\\.com_bot_version_[0-9]+\\.[0-9]',
    // Previews of Google+.
    '/\\+/web/snippet',
    // WebPageTest.
    ' PTST/[0-9.]+$',
  ].join('|'),
)

/** Names as they stand in a pattern. */
function words(text: string): readonly string[] {
  return text.trim().replaceAll('.', '\\.').split(/\s+/)
}

/** Whether a User-Agent is that of a program known to fetch pages by itself. */
export function isKnownBot(userAgent: string): boolean {
  return KNOWN.test(userAgent)
}
