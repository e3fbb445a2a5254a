// Tells a path that was meant as a regular expression, though nothing marks it as one.

// A backslash, a group, a class or an anchor: nobody's path has these by chance.
const LOOKS_LIKE_REGEX = /\\|\(\?|\.\*|\[[^\]]+\]|\$$/

/** Whether a path without `~` in front is plainly a regular expression. */
export function looksLikeRegex(path: string): boolean {
  return !path.startsWith('~') && LOOKS_LIKE_REGEX.test(path)
}
