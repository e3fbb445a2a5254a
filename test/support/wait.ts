// Waiting for something to become true, with an end to the patience.

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/**
 * Asks every few milliseconds until the answer is yes.
 * @param what names the wish in the error, which is thrown after `timeoutMs`
 */
export async function waitFor(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 5_000,
): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await sleep(5)
  }
}
