// From what a command line says of a request to the bytes that a client would send, and to where they would come in.
import { isIP } from 'node:net'
import type { Settings } from '../settings.js'
import type { EngineKind } from '../engine-settings.js'
import { hostWithoutPort } from '../../util/host.js'

export interface RequestWords {
  readonly method: string
  /** `https://host/path`, or a path alone. */
  readonly url: string
  /** `Name: value` */
  readonly headers: readonly string[]
  /** Where the request comes from; this machine when left out. */
  readonly from?: string | undefined
}

export interface RawRequest {
  /** Request line and fields. */
  readonly head: string
  readonly secure: boolean
  /** Empty for none. */
  readonly serverName: string
  readonly listener: {
    readonly address: string
    readonly port: number
    readonly secure: boolean
  }
  readonly engine: EngineKind
  readonly clientAddress: string
  readonly notes: readonly string[]
}

const URL = /^(https?):\/\/([^/?#]*)([^#]*)/i
const HEADER = /^([^:\s]+):[ \t]*(.*)$/
const LINE_BREAK = /[\r\n\0]/
/** Stands for Host where nobody names one: curl would send it to a gateway on this machine. */
const DEFAULT_HOST = 'localhost'

/** @throws Error for what is no request at all; what a gateway would refuse is left to it */
export function readRequest(words: RequestWords, settings: Settings): RawRequest {
  const { scheme, authority, target } = readUrl(words.url)
  const secure = scheme === 'https'
  const lines = words.headers.map(readHeader)
  const notes: string[] = []
  const { listener, engine } = listenerFor(secure, portOf(authority), settings, notes)
  if (!lines.some(({ name }) => name.toLowerCase() === 'host')) {
    if (authority === '') {
      notes.push(`no host is named: Host is ${DEFAULT_HOST}; -H 'Host: NAME' names another`)
    }
    lines.unshift({ name: 'Host', value: withoutDefaultPort(authority, secure) || DEFAULT_HOST })
  }
  const name = hostWithoutPort(authority)
  const fields = lines.map((line) => `${line.name}: ${line.value}\r\n`).join('')
  return {
    head: `${methodOf(words.method)} ${target} HTTP/1.1\r\n${fields}\r\n`,
    secure,
    serverName: secure && isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0 ? name : '',
    listener,
    engine,
    clientAddress: addressOf(words.from ?? '127.0.0.1'),
    notes,
  }
}

interface Parts {
  readonly scheme: string
  readonly authority: string
  readonly target: string
}

/** Not by the URL class, which would tidy the path: what is sent is what is written. */
function readUrl(url: string): Parts {
  if (LINE_BREAK.test(url) || /[ \t]/.test(url)) {
    throw new Error('the URL has white space in it: write %20')
  }
  if (url.startsWith('/')) {
    const [target = ''] = url.split('#')
    return { scheme: 'http', authority: '', target }
  }
  const [, scheme = '', authority = '', rest = ''] = URL.exec(url) ?? []
  if (authority === '') {
    throw new Error('the URL is neither http://HOST/PATH, https://HOST/PATH nor /PATH')
  }
  if (authority.includes('@')) {
    throw new Error("the URL has a user in it: write -H 'Authorization: Basic ...'")
  }
  const target = rest.startsWith('/') ? rest : `/${rest}`
  return { scheme: scheme.toLowerCase(), authority, target }
}

function methodOf(method: string): string {
  if (/^\S+$/.test(method)) return method
  throw new Error('the method is empty, or has white space in it')
}

function readHeader(line: string): { readonly name: string; readonly value: string } {
  // The line itself may hold a secret.
  if (LINE_BREAK.test(line)) throw new Error('-H has a line break in it')
  const [, name, value = ''] = HEADER.exec(line) ?? []
  if (name === undefined) throw new Error("-H is not of the form 'Name: value'")
  return { name, value: value.trimEnd() }
}

function addressOf(from: string): string {
  if (isIP(from) === 0) throw new Error('--from is not an IP address')
  return from
}

function portOf(authority: string): number | null {
  const [, port] = /:(\d+)$/.exec(authority) ?? []
  return port === undefined ? null : Number(port)
}

/** As clients send it. */
function withoutDefaultPort(authority: string, secure: boolean): string {
  return authority.replace(secure ? /:443?$/ : /:(?:80)?$/, '')
}

/** The one that the URL's port says, else the first that speaks the scheme. */
function listenerFor(
  secure: boolean,
  port: number | null,
  { proxyListen, engine }: Settings,
  notes: string[],
): Pick<RawRequest, 'listener' | 'engine'> {
  const fitting = proxyListen.filter(({ ssl }) => ssl === secure)
  const entry = fitting.find(({ publicPort }) => publicPort === port) ?? fitting[0]
  if (entry === undefined) {
    const scheme = secure ? 'https' : 'http'
    notes.push(`KONG_PROXY_LISTEN has no listener for ${scheme}: a client could not connect`)
    const listener = { address: '0.0.0.0', port: port ?? (secure ? 8443 : 8000), secure }
    return { listener, engine }
  }
  const { address } = entry
  return { listener: { address, port: entry.publicPort, secure }, engine: entry.engine ?? engine }
}
