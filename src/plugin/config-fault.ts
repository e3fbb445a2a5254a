// How a plugin says that a configuration is wrong, or right and still beyond this version.

/** A rule that a configuration breaks. `field` is a path below `config`, or '' for the whole. */
export class ConfigFault extends Error {
  override readonly name: string = 'ConfigFault'
  readonly field: string
  readonly hint: string | undefined

  constructor(field: string, message: string, hint?: string) {
    super(message)
    this.field = field
    this.hint = hint
  }
}

/**
 * The configuration is right but asks for what this version cannot do: `gw validate` warns, `gw start` refuses, or
 * leaves the use of the plugin out when it is told to skip such things.
 */
export class UnsupportedFault extends ConfigFault {
  override readonly name = 'UnsupportedFault'
}
