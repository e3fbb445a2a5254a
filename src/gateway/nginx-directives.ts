// nginx's directives as Kong takes them: one setting for each block that they may stand in, `nginx_http_`, `nginx_proxy_`
// (its server block) and `nginx_location_`.
import { parseSize } from '../util/nginx-values.js'

/** Reads one setting; what `parse` throws becomes a fault of the variable. */
export type ReadSetting<Name extends string> = <T>(name: Name, parse: (value: string) => T) => T

type DirectiveOf<Name extends string> = Name extends `nginx_http_${infer Directive}`
  ? Directive
  : never

type ReadDirective<Name extends string> = <T>(
  directive: DirectiveOf<Name>,
  parse: (value: string) => T,
) => T

/**
 * As in nginx, the innermost block that has a directive wins; those around it must be right all the same.
 * @param defaults names the settings; those of inner blocks say nothing, as an empty text, until they are set
 */
export function directiveReader<Name extends string>(
  defaults: Readonly<Record<Name, string>>,
  read: ReadSetting<Name>,
): ReadDirective<Name> {
  const isName = (name: string): name is Name => Object.hasOwn(defaults, name)
  return (directive, parse) => {
    const outer = `nginx_http_${directive}`
    if (!isName(outer)) throw new TypeError(`there is no setting ${outer}`)
    let value = read(outer, parse)
    for (const block of ['proxy', 'location']) {
      const inner = `nginx_${block}_${directive}`
      if (isName(inner)) value = read(inner, (text) => (text === '' ? value : parse(text)))
    }
    return value
  }
}

/**
 * As in `8 16k`.
 * @throws Error that says how it is written
 */
export function numberAndSize(text: string): { readonly count: number; readonly bytes: number } {
  const [first = '', second = '', ...rest] = text.trim().split(/\s+/)
  const count = /^\d{1,9}$/.test(first) ? Number(first) : 0
  const bytes = parseSize(second) ?? 0
  if (rest.length > 0 || count === 0 || bytes === 0) {
    throw new Error(`'${text}' is not a number and a size, such as 4 8k`)
  }
  return { count, bytes }
}
