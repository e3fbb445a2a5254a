// Telling a target that cannot be reached from a process that cannot reach out.

/** Of the process or its machine: no file descriptor is left, or no memory for a socket. */
const OWN_LIMITS: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** Whether a socket could not be had for want of something of our own: that says nothing about the other end. */
export function isOwnLimit(error: NodeJS.ErrnoException): boolean {
  return OWN_LIMITS.has(error.code)
}
