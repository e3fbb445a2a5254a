// Pieces of the configurations of plugins that call other servers. Spread them and add a description.

/** A host name or an address, without a port. */
export const hostName = { type: 'string', minLength: 1, format: 'host' } as const

export const portNumber = { type: 'integer', minimum: 0, maximum: 65535 } as const

/** With scheme and host. */
export const urlText = { type: 'string', minLength: 1, format: 'url' } as const

/** Milliseconds, as Kong's timeout type: up to the largest that its event loop takes. */
export const timeoutMs = { type: 'integer', minimum: 0, maximum: 2147483646 } as const

/** Headers to send: names to values. */
export const headerMap = {
  type: 'object',
  propertyNames: { type: 'string', minLength: 1, format: 'header-name' },
  additionalProperties: { type: 'string', minLength: 1, referenceable: true },
} as const
