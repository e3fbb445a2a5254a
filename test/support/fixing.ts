// What the tests of the fixers share: a text before and after, and that it stays so.
import assert from 'node:assert/strict'
import { fixDocument } from '../../src/config/fix/fix-document.js'
import type { Fix } from '../../src/config/fix/fix.js'

export const HEAD = '_format_version: "3.0"\n'

/** Returns the fixes, for a look at what they say. */
export function assertFixed(before: string, after: string, file = 'kong.yml'): readonly Fix[] {
  const { text, fixes, refusal } = fixDocument(before, file)
  assert.equal(refusal, undefined)
  assert.equal(text, after)
  assertKept(after, file)
  return fixes
}

export function assertKept(text: string, file = 'kong.yml'): void {
  assert.deepEqual(fixDocument(text, file), { text, fixes: [] })
}
