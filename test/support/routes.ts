// Routes, services and questions with Kong's defaults, for tests that care about a few fields only.
import type { Route, Service } from '../../src/model/entities.js'
import type { RouteQuestion } from '../../src/router/contract.js'
import { HeaderList } from '../../src/util/header-list.js'

export function makeService(fields: Partial<Service> = {}): Service {
  return {
    id: '11111111-0000-4000-8000-000000000000',
    name: null,
    tags: null,
    created_at: 0,
    protocol: 'http',
    host: 'target.test',
    port: 80,
    path: null,
    retries: 5,
    connect_timeout: 60_000,
    write_timeout: 60_000,
    read_timeout: 60_000,
    enabled: true,
    tls_verify: null,
    tls_verify_depth: null,
    ca_certificates: null,
    client_certificate: null,
    ...fields,
  }
}

/** @param number makes the id: of two routes that are otherwise equal, the one with the greater number wins */
export function makeRoute(number: number, fields: Partial<Route> = {}): Route {
  return {
    id: `22222222-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
    name: `route-${number}`,
    tags: null,
    created_at: 0,
    service: null,
    protocols: ['http', 'https'],
    methods: null,
    hosts: null,
    paths: null,
    headers: null,
    snis: null,
    regex_priority: 0,
    strip_path: true,
    path_handling: 'v0',
    preserve_host: false,
    https_redirect_status_code: 426,
    request_buffering: true,
    response_buffering: true,
    ...fields,
  }
}

export function makeQuestion(fields: Partial<RouteQuestion> = {}): RouteQuestion {
  return {
    method: 'GET',
    host: 'gateway.test',
    path: '/',
    headers: new HeaderList(),
    port: 8000,
    secure: false,
    serverName: '',
    origin: { clientIp: '127.0.0.1', querySuffix: '' },
    ...fields,
  }
}

/** @param lines name and value of each line */
export function makeHeaders(...lines: readonly (readonly [string, string])[]): HeaderList {
  const headers = new HeaderList()
  for (const [name, value] of lines) headers.add(name, value)
  return headers
}
