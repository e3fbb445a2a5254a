// Paths of routes in format 3.0: regular expressions without ~, and plain paths that are not in their normal form.
import type { Node } from 'yaml'
import { normalizePath } from '../../util/path.js'
import { PathRegex } from '../../util/regex/regex.js'
import { looksLikeRegex } from '../regex-path.js'
import { entities } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { startOf, type Tree } from './tree.js'
import { rewriteScalar } from './writer.js'

export const fixRoutePaths: Fixer = (tree) => {
  const root = tree.mapAt(tree.root)
  // In the older formats a path says by its characters what it is.
  const version = root && tree.textOf(tree.fields(root).get('_format_version')?.raw)
  if (version !== '3.0') return []
  return entities(tree, 'routes').flatMap(({ fields, path }) => {
    const items = tree.seqAt(fields.get('paths')?.raw)?.items ?? []
    return items.flatMap((item, index) => fixPath(tree, item as Node, [...path, 'paths', index]))
  })
}

function fixPath(tree: Tree, item: Node, path: Draft['path']): Draft[] {
  const node = tree.scalarAt(item)
  if (node === null || typeof node.value !== 'string') return []
  const text = node.value
  if (looksLikeRegex(text)) {
    const regex = text.replace(/^\^/, '')
    if (!regex.startsWith('/') || !isRegex(regex)) return []
    const message = 'marked as a regular expression with ~'
    const note = text.startsWith('^')
      ? 'its ^ is gone: the expression is anchored without it'
      : 'without ~ it was compared as it stands; take the ~ back if that was meant'
    return draft(path, startOf(node), rewriteScalar(tree, node, `~${regex}`), message, note)
  }
  const normal = normalizePath(text)
  if (!text.startsWith('/') || normal === text) return []
  return draft(path, startOf(node), rewriteScalar(tree, node, normal), 'written in its normal form')
}

function isRegex(source: string): boolean {
  try {
    new PathRegex(source)
    return true
  } catch {
    // It says why, which the check of the file will say again.
    return false
  }
}
