// A declarative file as large as one likes, with what large files are made of: services with a route and plugins each,
// and consumers with keys.

/** What a consumer may prove who it is with, in files of many. */
export type CredentialKind = 'key-auth' | 'jwt'

/** YAML with one route that asks for credentials, and that many consumers with one each; the same text every time. */
export function manyConsumers(count: number, kind: CredentialKind, url: string): string {
  const config = kind === 'jwt' ? '{claims_to_verify: [exp]}' : '{key_names: [apikey]}'
  const parts = [
    `_format_version: "3.0"
services:
- name: target
  url: ${url}
  routes:
  - name: route
    paths: [/]
    plugins:
    - name: ${kind}
      config: ${config}
consumers:
`,
  ]
  for (let i = 0; i < count; i++) parts.push(credentialed(i, kind))
  return parts.join('')
}

export function keyOf(index: number): string {
  return `key-${String(index).padStart(28, '0')}`
}

function credentialed(index: number, kind: CredentialKind): string {
  const credentials =
    kind === 'jwt'
      ? `jwt_secrets:
  - key: issuer-${index}
    secret: ${keyOf(index)}
    algorithm: HS256`
      : `keyauth_credentials:
  - key: ${keyOf(index)}`
  return `- username: consumer-${index}
  ${credentials}
`
}

/** YAML with that many services, about 600 bytes each; the same text every time. */
export function bigConfig(services: number): string {
  const parts = ['_format_version: "3.0"\n_transform: true\nservices:\n']
  for (let i = 0; i < services; i++) parts.push(service(i))
  parts.push('consumers:\n')
  for (let i = 0; i < services / 10; i++) parts.push(consumer(i))
  return parts.join('')
}

function service(index: number): string {
  const host = `team-${index % 97}.internal.example`
  return `- name: service-${index}
  url: http://${host}:8080/v${index % 3}
  connect_timeout: 5000
  read_timeout: 30000
  retries: ${index % 5}
  tags: [team-${index % 97}, "zone:${index % 7}"]
  routes:
  - name: route-${index}
    paths:
    - /api/team-${index % 97}/service-${index}
    - ~/legacy/${index}/(?<id>\\d+)$
    methods: [GET, POST, PUT]
    hosts:
    - api-${index % 31}.example
    strip_path: ${index % 2 === 0}
    plugins:
    - name: cors
      config:
        origins:
        - https://app-${index % 31}.example
        methods: [GET, POST]
        max_age: 3600
  plugins:
  - name: rate-limiting
    config:
      minute: ${100 + (index % 900)}
      policy: local
`
}

function consumer(index: number): string {
  return `- username: client-${index}
  custom_id: "${100_000 + index}"
  keyauth_credentials:
  - key: key-of-client-${index}
  acls:
  - group: group-${index % 13}
`
}
