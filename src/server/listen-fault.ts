// Why a listener cannot be, in words for whoever set it.
import { hostAndPort } from '../util/host.js'

/** @param cause what node:net says */
export function listenFault(address: string, port: number, cause: NodeJS.ErrnoException): Error {
  return new Error(`cannot listen on ${hostAndPort(address, port)}: ${reasonOf(cause)}`, { cause })
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'the address is in use'
    case 'EADDRNOTAVAIL':
      return 'the address is not of this machine'
    case 'EACCES':
      return 'it is not allowed'
    default:
      return message
  }
}
