// Certificates for tests, made anew each time so that none expires in the repository.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const NEW_KEY = {
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  rsa: ['rsa:2048'],
} as const

/** A certificate that is its own authority. @param names as in subjectAltName: `DNS:a.test,IP:127.0.0.1` */
export function makeCertificate(names: string, kind: keyof typeof NEW_KEY = 'ec'): Certificate {
  return make({ name: 'test', extensions: [`subjectAltName=${names}`], kind })
}

/**
 * An authority: the root of a chain, or one that `issuer` vouches for.
 * @param key of another authority of the same name, when both are to vouch for the same certificates
 */
export function makeAuthority(name: string, issuer?: Certificate, key?: string): Certificate {
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign,cRLSign']
  return make({ name, extensions, issuer, key })
}

/** A certificate for a server or a client, issued by an authority; followed by the `chain` that leads to a root. */
export function issueCertificate(
  issuer: Certificate,
  { name = 'test', names = 'DNS:a.test', chain = [] as readonly Certificate[] } = {},
): Certificate {
  const extensions = [`subjectAltName=${names}`, 'basicConstraints=CA:FALSE']
  const { key, cert } = make({ name, extensions, issuer })
  return { key, cert: [cert, ...chain.map((each) => each.cert)].join('') }
}

/** A certificate of an authority that ran out long ago. `openssl req` knows no dates, `openssl ca` wants files for them. */
export function issueExpired(issuer: Certificate, names = 'DNS:a.test'): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'gw-certificate-'))
  const at = (file: string): string => join(folder, file)
  const configuration = [
    ...['[ca]', 'default_ca=one', '[one]', `database=${at('index')}`, `new_certs_dir=${folder}`],
    ...['rand_serial=yes', 'default_md=sha256', 'policy=any', 'x509_extensions=own'],
    ...['[any]', 'commonName=supplied', '[own]', `subjectAltName=${names}`],
  ]
  const files = { 'ca.cnf': configuration.join('\n'), index: '' }
  const authority = { 'ca.pem': issuer.cert, 'ca.key': issuer.key }
  const run = (...args: readonly string[]): unknown =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  try {
    for (const [file, text] of Object.entries({ ...files, ...authority }))
      writeFileSync(at(file), text)
    const keys = ['-newkey', ...NEW_KEY.ec, '-nodes', '-keyout', 'key.pem']
    run('req', '-new', '-subj', '/CN=test', ...keys, '-out', 'request.pem')
    const signing = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key']
    const dates = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z']
    run('ca', '-batch', '-notext', ...signing, ...dates, '-in', 'request.pem', '-out', 'cert.pem')
    return { key: readFileSync(at('key.pem'), 'utf8'), cert: readFileSync(at('cert.pem'), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Request {
  readonly name: string
  readonly extensions: readonly string[]
  readonly kind?: keyof typeof NEW_KEY
  readonly issuer?: Certificate | undefined
  readonly key?: string | undefined
}

function make({ name, extensions, kind = 'ec', issuer, key }: Request): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'gw-certificate-'))
  const write = (file: string, text: string): string => {
    writeFileSync(join(folder, file), text)
    return join(folder, file)
  }
  const keyFile = join(folder, 'key.pem')
  const certFile = join(folder, 'cert.pem')
  try {
    const signing =
      issuer === undefined
        ? []
        : ['-CA', write('ca.pem', issuer.cert), '-CAkey', write('ca.key', issuer.key)]
    const keys =
      key === undefined
        ? ['-newkey', ...NEW_KEY[kind], '-nodes', '-keyout', keyFile]
        : ['-key', write('key.pem', key)]
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-days', '2', '-subj', `/CN=${name}`, '-out', certFile],
        ...extensions.flatMap((each) => ['-addext', each]),
        ...keys,
        ...signing,
      ],
      { stdio: 'pipe' },
    )
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
