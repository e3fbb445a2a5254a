// Work that several requests want at the same time and that is done once for all of them.

export class SharedFlights<T> {
  readonly #flights = new Map<string, Promise<T>>()

  /** What has begun under that key and not ended yet, or what `begin` begins. */
  join(key: string, begin: () => Promise<T>): Promise<T> {
    const known = this.#flights.get(key)
    if (known !== undefined) return known
    const flight = begin().finally(() => this.#flights.delete(key))
    this.#flights.set(key, flight)
    return flight
  }
}
