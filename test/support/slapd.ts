// An LDAP server of one's own (OpenLDAP's slapd): free ports, a few users, gone when stopped.
import { copyFileSync, mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Certificate } from './certificates.js'
import { Child, runToEnd } from './child.js'
import { makeFolder, type Folder } from './folder.js'
import { freePorts } from './ports.js'
import { waitFor } from './wait.js'

export const ROOT_DN = 'dc=ldap,dc=test'
export const BASE_DN = `ou=people,${ROOT_DN}`
const ADMIN = { dn: `cn=admin,${ROOT_DN}`, password: 'secret' }

/** Users below BASE_DN by their uid, with their passwords; and one elsewhere, whom a name must not lead to. */
export const USERS = {
  einstein: 'relativity-7719',
  curie: 'p:a ss:wörd-7719',
  'Smith, John': 'comma-7719',
  'a+b="c" <d>;#\\': 'special-7719',
  '#hash': 'hash-7719',
  jürgen: 'umlaut-7719',
} as const
export const STRANGER = { uid: 'stranger', password: 'strange-7719', ou: 'other' }

export interface RunningSlapd {
  readonly port: number
  /** For TLS from the start; only with a certificate. */
  readonly securePort: number
  /** How often somebody has asked to be that user. */
  binds(uid: string): number
  /** Connections that have been accepted so far. */
  readonly connections: number
  /** What it has written of requests, answers and connections. */
  readonly log: string
  setPassword(uid: string, password: string): Promise<void>
  /** Takes connections, and answers nobody until `resume`. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

export interface SlapdOptions {
  /** Offers TLS with it. */
  readonly certificate?: Certificate
  /** Given by a test that starts it again. */
  readonly port?: number
  /** Further lines of slapd.conf. */
  readonly settings?: readonly string[]
}

export async function startSlapd(options: SlapdOptions = {}): Promise<RunningSlapd> {
  const { certificate, settings = [] } = options
  const [spare = 0, securePort = 0] = await freePorts(2)
  const port = options.port ?? spare
  const folder = makeFolder()
  const program = join(folder.path, 'slapd')
  // A copy: some systems hold the installed one to its own folders (AppArmor).
  copyFileSync('/usr/sbin/slapd', program)
  const config = folder.write('slapd.conf', configOf(folder, certificate, settings))
  const { code, output } = await runToEnd(program, [
    ...['-T', 'add', '-f', config, '-l', folder.write('users.ldif', ldif())],
  ])
  if (code !== 0) throw new Error(`slapadd failed: ${output.slice(-500)}`)
  const secure = certificate === undefined ? '' : ` ldaps://127.0.0.1:${securePort}`
  const urls = `ldap://127.0.0.1:${port}${secure}`
  const child = new Child(program, ['-f', config, '-h', urls, '-d', 'stats'])
  const stop = async (): Promise<void> => {
    // One that is paused hears of nothing else.
    child.signal('SIGCONT')
    await child.stop()
    folder.remove()
  }
  try {
    await waitFor('slapd', () => !child.isRunning || accepts(port), 20_000)
    if (!child.isRunning) throw new Error(`slapd ended: ${child.output.slice(-500)}`)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    securePort,
    get connections() {
      return child.output.split(' ACCEPT from ').length - 1
    },
    get log() {
      return child.output
    },
    binds: (uid) => child.output.split(`BIND dn="uid=${uid},${BASE_DN}" method=128`).length - 1,
    setPassword: (uid, password) => setPassword(port, uid, password),
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    stop,
  }
}

function configOf(
  folder: Folder,
  certificate: Certificate | undefined,
  settings: readonly string[],
): string {
  const data = join(folder.path, 'data')
  mkdirSync(data)
  const tls =
    certificate === undefined
      ? []
      : [
          `TLSCertificateFile ${folder.write('cert.pem', certificate.cert)}`,
          `TLSCertificateKeyFile ${folder.write('key.pem', certificate.key)}`,
        ]
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    ...['modulepath /usr/lib/ldap', 'moduleload back_mdb'],
    `pidfile ${join(folder.path, 'slapd.pid')}`,
    ...tls,
    ...settings,
    ...['database mdb', `suffix "${ROOT_DN}"`, `directory ${data}`, 'maxsize 4194304'],
    ...[`rootdn "${ADMIN.dn}"`, `rootpw ${ADMIN.password}`, ''],
  ].join('\n')
}

function ldif(): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64')
  const unit = (ou: string): string =>
    `dn: ou=${ou},${ROOT_DN}\nobjectClass: organizationalUnit\nou: ${ou}\n`
  const user = (uid: string, password: string, ou: string): string =>
    [
      `dn:: ${encode(`uid=${escaped(uid)},ou=${ou},${ROOT_DN}`)}`,
      ...['objectClass: inetOrgPerson', `uid:: ${encode(uid)}`, 'cn: someone', 'sn: someone'],
      `userPassword:: ${encode(password)}\n`,
    ].join('\n')
  return [
    `dn: ${ROOT_DN}\nobjectClass: dcObject\nobjectClass: organization\no: test\ndc: ldap\n`,
    ...[unit('people'), unit('other')],
    ...Object.entries(USERS).map(([uid, password]) => user(uid, password, 'people')),
    user(STRANGER.uid, STRANGER.password, STRANGER.ou),
  ].join('\n')
}

/** Every character as its bytes in hexadecimal, which needs no rule of what is special. */
function escaped(uid: string): string {
  return [...Buffer.from(uid)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
}

async function setPassword(port: number, uid: string, password: string): Promise<void> {
  const { Attribute, Change, Client } = await import('ldapts')
  const client = new Client({ url: `ldap://127.0.0.1:${port}` })
  try {
    await client.bind(ADMIN.dn, ADMIN.password)
    const modification = new Attribute({ type: 'userPassword', values: [password] })
    await client.modify(`uid=${uid},${BASE_DN}`, new Change({ operation: 'replace', modification }))
  } finally {
    await client.unbind()
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isThere: boolean): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
