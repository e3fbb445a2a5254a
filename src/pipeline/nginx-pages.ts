// What stands for an answer that has a status but no body: Kong leaves it to nginx, which sends a page of its own,
// or, for statuses that Kong's error_page takes, Kong's error body.

const KONG_PAGES: ReadonlySet<number> = new Set([
  400, 404, 405, 408, 411, 412, 413, 414, 417, 494, 500, 502, 503, 504,
])

/** nginx's names, which are not always those of the RFCs (ngx_http_special_response.c). */
const NGINX_TITLES: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  401: 'Authorization Required',
  402: 'Payment Required',
  403: 'Forbidden',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
  507: 'Insufficient Storage',
}

/** Whether Kong's error body stands for an empty answer of that status. */
export function hasKongPage(status: number): boolean {
  return KONG_PAGES.has(status)
}

/** nginx's page for that status, or null where it has none. Its Content-Type is text/html. */
export function nginxPage(status: number): string | null {
  const title = NGINX_TITLES[status]
  if (title === undefined) return null
  const heading = `${status} ${title}`
  return (
    `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n` +
    `<center><h1>${heading}</h1></center>\r\n</body>\r\n</html>\r\n`
  )
}
