// What an endpoint refuses a request with, in the words of RFC 6749 and of Kong.

type Lines = Readonly<Record<string, string>>

export class Fault {
  readonly error: string
  readonly description: string
  readonly status: number
  readonly headers: Lines

  constructor(error: string, description: string, status = 400, headers: Lines = {}) {
    this.error = error
    this.description = description
    this.status = status
    this.headers = headers
  }
}

const BAD_CLIENT = ['invalid_client', 'Invalid client authentication'] as const

export const FAULTS = {
  provisionKey: new Fault('invalid_provision_key', 'Invalid provision_key'),
  noUserId: new Fault('invalid_authenticated_userid', 'Missing authenticated_userid parameter'),
  badUserId: new Fault('invalid_authenticated_userid', 'Invalid authenticated_userid parameter'),
  responseType: new Fault('unsupported_response_type', 'Invalid response_type'),
  grantType: new Fault('unsupported_grant_type', 'Invalid grant_type'),
  client: new Fault(...BAD_CLIENT),
  /** RFC 6749, 5.2: who used the header is told of it. */
  clientByHeader: new Fault(...BAD_CLIENT, 401, { 'WWW-Authenticate': 'Basic realm="OAuth2.0"' }),
  publicSecret: new Fault('invalid_request', 'client_secret is disallowed for public clients'),
  redirectUri: new Fault(
    'invalid_request',
    'Invalid redirect_uri that does not match with any redirect_uri created with the application',
  ),
  code: new Fault('invalid_request', 'Invalid code'),
  unproved: new Fault('invalid_grant', 'Invalid code'),
  refreshToken: new Fault('invalid_request', 'Invalid refresh_token'),
  noScope: new Fault('invalid_scope', 'You must specify a scope'),
  scopeMismatch: new Fault('invalid_scope', 'Scope mismatch'),
  unavailable: new Fault(
    'temporarily_unavailable',
    'The authorization server is currently unable to handle the request',
    503,
  ),
} as const
