// Keys and certificates: what is wrong with a text that should be PEM. None of it is ever shown.
import type { Clue } from './clue.js'

const BEGIN = /-----BEGIN ([A-Z ]+)-----/

export function hintOnPem({ message, field, value, entity }: Clue): string | undefined {
  if (message.startsWith('failed conditional validation')) {
    return entity?.collection.name === 'jwt_secrets'
      ? 'this algorithm verifies with rsa_public_key, a public key in PEM form'
      : undefined
  }
  if (message.startsWith('certificate expired')) return 'renew it, or remove it'
  if (!/^invalid (?:key|certificate)/.test(message) || typeof value !== 'string') return undefined
  const wanted = message.startsWith('invalid certificate')
    ? 'CERTIFICATE'
    : field === 'rsa_public_key'
      ? 'PUBLIC KEY'
      : 'PRIVATE KEY'
  const found = BEGIN.exec(value)?.[1]
  if (found === undefined) return `PEM text begins with -----BEGIN ${wanted}-----`
  if (!found.endsWith(wanted)) return wrongKind(found, wanted)
  if (value.includes('\\n')) return 'holds \\n as text: write a block (|), or use double quotes'
  return value.includes('\n')
    ? 'the text between the BEGIN and END lines is not a whole one'
    : 'the line breaks are lost: write a block (|)'
}

function wrongKind(found: string, wanted: string): string {
  if (found === 'CERTIFICATE' && wanted === 'PUBLIC KEY') {
    return 'this is a certificate: take its key with openssl x509 -pubkey -noout'
  }
  return `this is a ${found}; a ${wanted} is wanted`
}
