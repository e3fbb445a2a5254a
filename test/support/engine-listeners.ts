// A gateway that listens on each engine, so that one process answers for both.

export const ENGINES = ['uws', 'http1']

/**
 * For KONG_PROXY_LISTEN.
 * @param ports one for each engine, in the order of ENGINES
 */
export function engineListeners(ports: readonly number[]): string {
  return ENGINES.map((engine, i) => `127.0.0.1:${ports[i] ?? 0} engine=${engine}`).join(', ')
}
