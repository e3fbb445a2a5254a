// Errors that are expected to happen, made at the price of an ordinary object.

/** Makes an error without a stack trace: that costs some 5 µs, paid just when something is in trouble. */
export function withoutStack<T extends Error>(make: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
