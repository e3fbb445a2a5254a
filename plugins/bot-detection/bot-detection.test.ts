import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type Answer } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import botDetection from './index.js'
import { isKnownBot } from './known-bots.js'

async function ask(config: object, ...userAgents: readonly string[]): Promise<Answer | null> {
  const ctx = fakeContext({ headers: userAgents.map((value) => ['User-Agent', value]) })
  await botDetection.access?.(ctx, prepared(botDetection, config))
  return ctx.answer
}

function message(answer: Answer | null): unknown {
  return (answer?.body as { message?: unknown } | undefined)?.message
}

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'

describe('bot-detection', () => {
  const passing = [
    CHROME,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15',
    ...['curl/8', 'Wget/1.2', 'HTTPie/3.2', 'PostmanRuntime/7.36', 'insomnia/8'],
    ...['python-requests/2.31', 'node-fetch/1.0', 'undici', 'Java/17', 'libwww-perl/6', 'Ruby'],
    ...['', 'robot', 'Botany', 'TelegramBot (like TwitterBot)', 'ChatGPT-User/1.0', 'scrapy/1.0'],
    ...['Twitterbot', 'Boto', '008', 'archiveXorg_bot', 'Pingdom.com_bot_version_x'],
  ]
  for (const userAgent of passing) {
    it(`lets ${JSON.stringify(userAgent)} pass`, async () => {
      assert.equal(await ask({}, userAgent), null)
    })
  }

  const refused = [
    'Googlebot/2.1 (+http://www.google.com/bot.html)',
    ' Googlebot ',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; YandexBot/3.0)',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0)',
    'Mozilla/5.0 Google (+https://developers.google.com/+/web/snippet/)',
    'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 PTST/240101.1',
    ...['facebookexternalhit/1.1', 'Twitterbot/1.0', 'LinkedInBot/1.0', 'WhatsApp/2.2'],
    ...['DuckDuckBot/1.0', 'GPTBot/1.0', 'SomeBot 2', 'SomeCrawler/1.0', 'my-scraper', 'spider'],
    ...['page-indexer/1', 'Archiver 3', 'archive.org_bot', 'crawl', 'Slackbot-LinkExpanding 1.0'],
    ...['axios/1.6.2', 'okhttp/4.9.0', 'Go-http-client/1.1', 'Apache-HttpClient/4.5'],
    ...['Python-urllib/3.8', 'aws-cli/2.1', 'Boto3/1.2', '008/0.83', 'Pingdom.com_bot_version_1.4'],
  ]
  for (const userAgent of refused) {
    it(`refuses ${JSON.stringify(userAgent)}`, async () => {
      const answer = await ask({}, userAgent)
      assert.equal(answer?.status, 403)
      assert.equal(message(answer), 'Forbidden')
    })
  }

  it('lets requests without a User-Agent pass', async () => {
    assert.equal(await ask({ deny: ['^$'] }), null)
  })

  it('answers 400 for more than one User-Agent, whatever they are', async () => {
    const answer = await ask({ allow: ['.'] }, 'curl/8', 'curl/8')
    assert.equal(answer?.status, 400)
    assert.equal(message(answer), 'Only one User-Agent header allowed')
  })

  it('refuses what deny finds anywhere in the text', async () => {
    const config = { deny: ['nothing', 'Evil(Corp|Inc)'] }
    assert.equal((await ask(config, 'an EvilInc browser'))?.status, 403)
    assert.equal(await ask(config, 'an evilinc browser'), null)
  })

  it('lets pass what allow finds, even when deny or the known bots have it', async () => {
    const config = { allow: ['facebookexternalhit', '^Good'], deny: ['Good'] }
    assert.equal(await ask(config, 'facebookexternalhit/1.1'), null)
    assert.equal(await ask(config, '  Good'), null)
    assert.equal((await ask(config, 'no Good'))?.status, 403)
  })

  it('takes patterns with options of PCRE', async () => {
    assert.equal((await ask({ deny: ['(?i)^curl/'] }, 'CURL/8'))?.status, 403)
  })

  it('answers without waiting', () => {
    const ctx = fakeContext({ headers: [['User-Agent', CHROME]] })
    assert.equal(botDetection.access?.(ctx, prepared(botDetection)), undefined)
  })

  // In proportion to its length that is 10 ms; in proportion to its square it would be a minute.
  for (const part of ['bot', 'Google', '008/1', 'Boto/', ' PTST/1', 'Pingdom.com_bot_version_1']) {
    it(`is soon done with a very long text of ${JSON.stringify(part)}`, () => {
      const start = performance.now()
      assert.equal(isKnownBot(part.repeat(1_000_000 / part.length) + '!'), false)
      assert.ok(performance.now() - start < 5_000)
    })
  }
})
