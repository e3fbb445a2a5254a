// The Host header's parts.

/** HOT PATH. `Example.com:8080` -> `example.com`; brackets of an IPv6 literal stay (nginx: $host). */
export function hostWithoutPort(host: string): string {
  const colon = host.lastIndexOf(':')
  if (colon < 0 || (host.startsWith('[') && host.endsWith(']'))) return host.toLowerCase()
  return host.slice(0, colon).toLowerCase()
}
