/** No declarative file is larger. */
export const MAX_BYTES = 64 * 1024 * 1024
