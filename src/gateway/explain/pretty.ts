// For people at a terminal: the outcome, the route and why it is that one, the plugins, and what leaves the gateway.
import { styleText } from 'node:util'
import { hostAndPort } from '../../util/host.js'
import { visible } from '../../util/terminal-text.js'
import type { Place } from '../diff/difference.js'
import { clipped, few, inWords } from '../diff/shown.js'
import type { Explanation, MissShown, Named, PluginShown } from './explanation.js'
import { guardTexts } from './guard-texts.js'
import type { ExplainFormatOptions } from './formats.js'

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

/** A value may be as long as a file; beyond this nobody reads on. */
const MAX_WORDS = 2000
const MAX_ASKED = 300

export function pretty(explanation: Explanation, { hasColor }: ExplainFormatOptions): string {
  // Whether the stream is a terminal has been decided; newer versions of Node would look again, at standard output.
  const paint: Paint = (style, text) =>
    hasColor ? styleText(style, text, { validateStream: false }) : text
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Route', routeLines(explanation, paint)],
    ['Ranked behind it, though they match as well', behindLines(explanation, paint)],
    ['Do not match, those that came nearest first', missedLines(explanation, paint)],
    [pluginsTitle(explanation), pluginLines(explanation.plugins, paint)],
    ['Plugins for some consumers alone', pluginLines(explanation.consumerPlugins, paint)],
    ['Balanced over', balancingLines(explanation, paint)],
    ['The target gets, unless plugins change it', upstreamLines(explanation, paint)],
    ['The client gets', answerLines(explanation)],
    ['Notes', explanation.notes.map((note) => `- ${words(note)}`)],
  ]
  return [
    ...summary(explanation, paint),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)],
    ),
  ].join('\n')
}

function summary({ request, ...outcome }: Explanation, paint: Paint): string[] {
  const { method, host, target, secure, listener, clientAddress } = request
  const url = `${secure ? 'https' : 'http'}://${host}${target}`
  const at = `from ${clientAddress} at ${hostAndPort(listener.address, listener.port)}`
  return [
    `${paint('bold', words(`${method} ${url}`))} ${paint('dim', at)}`,
    `  -> ${outcomeText(outcome, paint)}`,
  ]
}

function outcomeText(
  { answeredBy, route, upstream, answer }: Omit<Explanation, 'request'>,
  paint: Paint,
): string {
  const by = route === null ? '' : ` by ${words(route.title)}`
  if (answeredBy !== null) {
    const before = 'unless a plugin before it does; no target is asked'
    return paint('yellow', `answered by ${words(answeredBy.title)}, ${before}`)
  }
  if (upstream !== null) {
    const { protocol, host, port } = upstream
    return paint('green', `proxied${by} to ${words(`${protocol}://${hostAndPort(host, port)}`)}`)
  }
  return paint('red', `${answer?.status ?? 0} from the gateway itself`)
}

function routeLines({ route, request }: Explanation, paint: Paint): string[] {
  if (route === null) return []
  const { path, prefix, captures, service } = route
  const matched = path === null ? 'any path' : `path ${path} takes ${prefix || '/'}`
  const groups = Object.entries(captures ?? {}).map(([name, value]) => `${name}=${value}`)
  return [
    ...named(route, paint),
    words(`${matched}${request.path === prefix ? '' : ` of ${request.path}`}`),
    ...(groups.length === 0 ? [] : [words(`captures ${groups.join(', ')}`)]),
    ...(service === null ? ['no service'] : named(service, paint)),
  ]
}

function behindLines({ behind, more }: Explanation, paint: Paint): string[] {
  const lines = behind.flatMap((one) => [
    ...named(one, paint),
    `  the other one goes first: ${words(one.reason)}`,
  ])
  return [...lines, ...moreLine(more.behind)]
}

function missedLines({ missed, more }: Explanation, paint: Paint): string[] {
  const lines = missed.flatMap((one) => [
    ...named(one, paint),
    ...one.misses.map((miss) => `  ${words(missText(miss))}`),
  ])
  return [...lines, ...moreLine(more.missed)]
}

function missText({ condition, name, asked, got }: MissShown): string {
  if (condition === 'service') return `its service ${got ?? ''} is disabled`
  const wanted = clipped(few(asked), MAX_ASKED)
  if (condition === 'protocol') return `protocol: is for ${wanted}`
  const what = name === null ? condition : `${condition} ${name}`
  const sent = got === null ? 'none' : clipped(got, MAX_ASKED)
  return `${what}: asks for ${wanted}, the request has ${sent}`
}

function moreLine(count: number): string[] {
  return count === 0 ? [] : [`and ${count} more`]
}

function pluginsTitle({ route }: Explanation): string {
  return route === null ? 'Plugins that see the answer' : 'Plugins, in the order in which they run'
}

function pluginLines(plugins: readonly PluginShown[], paint: Paint): string[] {
  return plugins.flatMap((plugin, index) => {
    const { name, scope, overrides, forConsumers, moreConsumers } = plugin
    const more = moreConsumers === 0 ? [] : [`   and for ${moreConsumers} more consumers`]
    return [
      `${index + 1}. ${words(name)} (${inWords(scope)})  ${paint('dim', placeText(plugin.place))}`,
      ...overrides.map((one) => `   in place of ${titleAndPlace(one, paint)}`),
      ...forConsumers.map((one) => `   gives way to ${titleAndPlace(one, paint)}`),
      ...more,
    ]
  })
}

function balancingLines({ balancing, verdict }: Explanation, paint: Paint): string[] {
  if (balancing === null || verdict === 'plugin') return []
  const { algorithm, targets, moreTargets } = balancing
  const lines = targets.map(({ target, weight }) => words(`${target}, weight ${weight}`))
  const list = lines.length === 0 ? ['no targets'] : lines
  return [titleAndPlace(balancing, paint), words(algorithm), ...list, ...moreLine(moreTargets)]
}

function upstreamLines({ upstream, verdict }: Explanation, paint: Paint): string[] {
  if (upstream === null || verdict !== 'proxied') return []
  const { protocol, host, port, serverName, verify, timeouts } = upstream
  const sni = serverName === '' ? 'no SNI' : `SNI ${serverName}`
  const tls =
    protocol === 'http' ? 'no TLS' : `TLS, ${sni}, certificate ${verify ? '' : 'not '}verified`
  const { connectMs, writeMs, readMs } = timeouts
  return [
    words(`${hostAndPort(host, port)}, ${tls}`),
    `time-outs: connect ${connectMs} ms, write ${writeMs} ms, read ${readMs} ms`,
    ...guardTexts(upstream).map(words),
    paint('bold', words(upstream.requestLine)),
    ...upstream.headers.map(([name, value]) => words(`${name}: ${value}`)),
  ]
}

function answerLines({ answer, verdict }: Explanation): string[] {
  if (answer === null || verdict === 'plugin') return []
  const { code, detail, status, headers, body } = answer
  return [
    [
      `status ${status}`,
      ...(code === null ? [] : [code]),
      ...(detail === null ? [] : [words(detail)]),
    ].join(', '),
    ...headers.map(([name, value]) => words(`${name}: ${value}`)),
    ...(body === '' ? [] : ['', ...body.trimEnd().split('\n').map(words)]),
  ]
}

function named({ title, place }: Named, paint: Paint): string[] {
  return [`${words(title)}  ${paint('dim', placeText(place))}`]
}

function titleAndPlace({ title, place }: Named, paint: Paint): string {
  return `${words(title)}  ${paint('dim', placeText(place))}`
}

function placeText({ file, line, column, path }: Place): string {
  const at = line > 0 ? `${file}:${line}:${column}` : file
  return words(`${at} ${path}`)
}

/** On one line, with nothing that a terminal would obey. */
function words(text: string): string {
  return visible(clipped(text, MAX_WORDS))
}
