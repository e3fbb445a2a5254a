// Which client asks for a token, and whether it is the one it says.
import { isUtf8 } from 'node:buffer'
import { decodeBase64, valueOf, type AccessContext, type Credential } from 'gw/plugin'
import { FAULTS, type Fault } from './fault.js'
import type { Parameters } from './parameters.js'
import { isSecretOf } from './secrets.js'
import type { Use } from './use.js'

export function findClient(ctx: AccessContext, id: string | undefined): Credential | undefined {
  return id === undefined ? undefined : ctx.store.credential('oauth2_credentials', id)
}

/** URIs of a client; null for none at all. */
export function redirectUris({ redirect_uris: uris }: Credential): readonly string[] | null {
  return Array.isArray(uris) && uris.length > 0 ? (uris as readonly string[]) : null
}

interface Login {
  readonly id: string | undefined
  readonly secret: string | undefined
  readonly isByHeader: boolean
}

/** The client, or what is wrong: of several faults the last one counts, as in Kong. */
export async function authenticateClient(
  ctx: AccessContext,
  use: Use,
  parameters: Parameters,
): Promise<Credential | Fault> {
  const login = loginOf(ctx, use, parameters)
  const client = findClient(ctx, login.id)
  if (client === undefined) return refused(login)
  const secretFault = await secretFaultOf(client, login)
  if (secretFault !== null) return secretFault
  const uri = parameters.value('redirect_uri')
  const isListed = uri === undefined || redirectUris(client)?.includes(uri as string) === true
  return isListed ? client : FAULTS.redirectUri
}

async function secretFaultOf(client: Credential, login: Login): Promise<Fault | null> {
  const { secret } = login
  if (client.client_type === 'public') {
    return secret === undefined || secret.trim() === '' ? null : FAULTS.publicSecret
  }
  return secret !== undefined && (await isSecretOf(client, secret)) ? null : refused(login)
}

function refused({ isByHeader }: Login): Fault {
  return isByHeader ? FAULTS.clientByHeader : FAULTS.client
}

function loginOf(ctx: AccessContext, use: Use, parameters: Parameters): Login {
  const id = parameters.text('client_id')
  const secret = parameters.text('client_secret')
  if (id !== undefined && secret !== undefined) return { id, secret, isByHeader: false }
  const header = valueOf(ctx.request.headers, use.headers)
  if (header !== undefined) return { ...basicLogin(header), isByHeader: true }
  return { id, secret: undefined, isByHeader: false }
}

const BASIC = /[Bb]asic\s*(.+)/

function basicLogin(header: string): Omit<Login, 'isByHeader'> {
  const bytes = decodeBase64(BASIC.exec(header)?.[1] ?? '')
  if (bytes === null || !isUtf8(bytes)) return { id: undefined, secret: undefined }
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0
    ? { id: text, secret: undefined }
    : { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
