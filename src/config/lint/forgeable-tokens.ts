// openid-connect that believes whoever is between it and the issuer, or anybody.
import type { Finding } from './rule.js'
import type { LintView } from './view.js'

export function forgeableTokens(view: LintView): Finding[] {
  return view.usesOf('openid-connect').flatMap(({ config, path }) => {
    const found: Finding[] = []
    if (config.verify_signature === false) {
      found.push({
        path: [...path, 'config', 'verify_signature'],
        message: 'anybody can make a token: signatures are not verified',
        hint: 'leave verify_signature out',
      })
    }
    if (config.ssl_verify !== true && /^https:/i.test(String(config.issuer))) {
      found.push({
        path: [...path, 'config', 'ssl_verify'],
        message:
          'whoever is between can make tokens: the certificate of the issuer is not verified',
        hint: 'ssl_verify: true verifies it by lua_ssl_trusted_certificate',
      })
    }
    return found
  })
}
