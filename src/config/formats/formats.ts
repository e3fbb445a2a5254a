// The named formats that schemas may use. Each says what is wrong with a value in Kong's words, or nothing.
import { isIP } from 'node:net'
import { parseHost } from '../../util/host.js'
import { luaFault } from '../../util/lua/compile-fault.js'
import { compilePattern } from '../../plugin/pcre.js'
import { normalizePath } from '../../util/path.js'
import { pcreFault } from '../../util/regex/regex.js'
import { isUuid } from '../../util/uuid.js'
import { headerEntryFault, headerRenameFault, pairFault } from './pairs.js'
import { readCertificate, readPrivateKey } from '../../util/pem.js'

type FormatCheck = (text: string) => string | undefined

export const TEXT_FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['uuid', (text) => (isUuid(text) ? undefined : 'expected a valid UUID')],
  ['name', nameFault],
  ['tag', tagFault],
  ['host', hostFault],
  ['host-and-port', hostAndPortFault],
  ['upstream-name', upstreamNameFault],
  ['target', targetFault],
  ['path', pathFault],
  ['log-file', logFileFault],
  ['url', urlFault],
  ['redirect-uri', redirectFault],
  ['certificate', (text) => pemFault('certificate', text, readCertificate)],
  ['private-key', (text) => pemFault('key', text, readPrivateKey)],
  ['header-name', (text) => fieldNameFault('header', text)],
  ['log-header-name', logHeaderFault],
  ['header-entry', headerEntryFault],
  ['header-rename', headerRenameFault],
  ['pair', pairFault],
  ['cookie-name', (text) => fieldNameFault('cookie', text)],
  ['ip-or-cidr', cidrFault],
  ['regex', patternFault],
  ['lua', (text) => codeFault('Error parsing function', text)],
  ['pre-function-lua', (text) => codeFault('error parsing pre-function', text)],
  ['post-function-lua', (text) => codeFault('error parsing post-function', text)],
  ['route-host', routeHostFault],
  ['route-path', routePathFault],
  ['route-header', routeHeaderFault],
  ['sni', (text) => sniFault(text)],
  ['sni-pattern', sniPatternFault],
])

export const NUMBER_FORMATS: ReadonlyMap<string, (value: number) => string | undefined> = new Map([
  ['timestamp', (value: number) => (value > 0 ? undefined : 'expected a valid timestamp')],
])

/** What the schema of a user's plugin may name. */
export const FORMATS: readonly string[] = [...TEXT_FORMATS.keys(), ...NUMBER_FORMATS.keys()]

function nameFault(text: string): string | undefined {
  if (/^[A-Za-z0-9.\-_~\u0080-\u{10ffff}]+$/u.test(text)) return undefined
  return `invalid value '${text}': the only accepted ascii characters are alphanumerics or ., -, _, and ~`
}

function tagFault(text: string): string | undefined {
  if (/^[ -+.\-0-~\u0080-\u{10ffff}]+$/u.test(text)) return undefined
  return `invalid tag '${text}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`
}

function hostFault(text: string): string | undefined {
  const host = parseHost(text)
  if (host === 'invalid host') return `invalid value: ${text}`
  if (host === 'invalid port number' || host.port !== null) return 'must not have a port'
  return undefined
}

function hostAndPortFault(text: string): string | undefined {
  return typeof parseHost(text) === 'string' ? `invalid value: ${text}` : undefined
}

function upstreamNameFault(text: string): string | undefined {
  const invalid = (reason: string) => `Invalid name ('${text}'); ${reason}`
  const host = parseHost(text)
  if (typeof host === 'string') return invalid('must be a valid hostname')
  if (host.kind !== 'name') return invalid('no ip addresses allowed')
  return host.port === null ? undefined : invalid('no port allowed')
}

function targetFault(text: string): string | undefined {
  if (typeof parseHost(text) !== 'string') return undefined
  return `Invalid target ('${text}'); not a valid hostname or ip address`
}

function pathFault(text: string): string | undefined {
  if (!text.startsWith('/')) return 'should start with: /'
  if (text.includes('//')) return 'must not have empty segments'
  if (!/^[A-Za-z0-9.\-_~/%!$&'()*+,;=:@]*$/.test(text)) {
    return `invalid path: '${text}' (characters outside of the reserved list of RFC 3986 found)`
  }
  return escapeFault(text)
}

function escapeFault(text: string): string | undefined {
  const broken = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)?.[0]
  return broken === undefined ? undefined : `invalid url-encoded value: '${broken}'`
}

function urlFault(text: string): string | undefined {
  const scheme = /^[A-Za-z0-9][A-Za-z0-9+.-]*:/.exec(text)?.[0] ?? ''
  const authority = /^\/\/([^/?#]*)/.exec(text.slice(scheme.length))?.[1] ?? ''
  if (authority.replace(/^[^@]*@/, '').replace(/:[^:\]]*$/, '') === '') return 'missing host in url'
  return scheme === '' ? 'missing scheme in url' : undefined
}

function pemFault(
  what: string,
  text: string,
  read: (pem: string) => object | undefined,
): string | undefined {
  return read(text) !== undefined ? undefined : `invalid ${what}`
}

function redirectFault(text: string): string | undefined {
  if (urlFault(text.replace(/#.*$/s, '')) !== undefined) return `cannot parse '${text}'`
  return text.includes('#') ? `fragment not allowed in '${text}'` : undefined
}

function fieldNameFault(what: 'header' | 'cookie', text: string): string | undefined {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return undefined
  return `bad ${what} name '${text}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`
}

/** Headers of the requests that http-log makes; these three are its own to set. */
function logHeaderFault(text: string): string | undefined {
  const taken = ['Host', 'Content-Length', 'Content-Type'].find(
    (name) => name.toLowerCase() === text.toLowerCase(),
  )
  return taken === undefined ? fieldNameFault('header', text) : `cannot contain '${taken}' header`
}

function logFileFault(text: string): string | undefined {
  return /[*&%\\`]/.test(text) ? 'not a valid filename' : undefined
}

function cidrFault(text: string): string | undefined {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const isGood = version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128))
  return isGood ? undefined : `invalid ip or cidr range: '${text}'`
}

function routeHostFault(text: string): string | undefined {
  if (text.indexOf('*') !== text.lastIndexOf('*')) {
    return 'invalid wildcard: must have at most one wildcard'
  }
  if (text.includes('*') && !text.startsWith('*.') && !/\.\*(?::.*)?$/.test(text)) {
    return 'invalid wildcard: must be placed at leftmost or rightmost label'
  }
  const host = parseHost(text.replace('*', 'a'))
  if (host === 'invalid port number') return host
  return host === 'invalid host' ? `invalid hostname: ${text}` : undefined
}

function routePathFault(text: string): string | undefined {
  if (text.includes('//')) return 'must not have empty segments'
  if (!/^~?\//.test(text)) return 'should start with: / (fixed path) or ~/ (regex path)'
  if (text.startsWith('~')) {
    const source = text.slice(1)
    const fault = pcreFault(source)
    return fault && `invalid regex: '${source}' (PCRE returned: pcre2_compile() failed: ${fault})`
  }
  const escape = escapeFault(text)
  if (escape !== undefined) return escape
  const normal = normalizePath(text)
  return normal === text ? undefined : `non-normalized path, consider use '${normal}' instead`
}

function patternFault(text: string): string | undefined {
  return thrownBy(() => compilePattern(text)) && `not a valid regex: ${text}`
}

function codeFault(what: string, text: string): string | undefined {
  const fault = luaFault(text)
  return fault && `${what}: ${fault}`
}

function thrownBy(attempt: () => unknown): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function routeHeaderFault(name: string): string | undefined {
  if (name.toLowerCase() !== 'host') return fieldNameFault('header', name)
  return "cannot contain 'host' header, which must be specified in the 'hosts' attribute"
}

function sniPatternFault(text: string): string | undefined {
  if (text.indexOf('*') !== text.lastIndexOf('*')) return 'only one wildcard must be specified'
  if (text.includes('*') && !/^\*\.|\.\*$/.test(text)) {
    return 'wildcard must be leftmost or rightmost character'
  }
  return sniFault(text.replace('*', 'a'), text)
}

function sniFault(text: string, written = text): string | undefined {
  const host = parseHost(text)
  if (host === 'invalid host') return `invalid value: ${written}`
  if (host === 'invalid port number' || host.port !== null) return 'must not have a port'
  return host.kind === 'name' ? undefined : 'must not be an IP'
}
