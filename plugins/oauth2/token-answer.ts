// A fresh access token, and what the client is told of it.
import type { Grant, Issued } from './issued.js'
import type { Use } from './use.js'

export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'bearer'
  /** Seconds; not there for a token without an end. */
  readonly expires_in?: number
  readonly refresh_token?: string
}

export async function accessToken(use: Use, issued: Issued, grant: Grant): Promise<TokenAnswer> {
  const { tokenSeconds } = use
  return {
    access_token: await issued.newAccess(grant, (tokenSeconds ?? 0) * 1000),
    token_type: 'bearer',
    ...(tokenSeconds !== null && { expires_in: tokenSeconds }),
  }
}
