// What the lists of the transformers say once they are read: `name:value`.

export interface NamedValue {
  readonly name: string
  /** Empty for none. */
  readonly value: string
}

/** Kong: the name goes up to the first colon; colons right behind that are skipped, later ones belong to the value. */
export function namedValue(entry: string): NamedValue {
  const [, name = '', value = ''] = /^([^:]*):*(.*)$/s.exec(entry) ?? []
  return { name, value }
}
