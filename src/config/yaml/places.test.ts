import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import yaml from 'js-yaml'
import { offsetOf } from '../places.js'
import { yamlPlaces } from './places.js'

type Tree = number | Tree[] | { [key: string]: Tree }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(0),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie('tree'), { minKeys: 1, maxKeys: 4 }),
  ),
}))

/** Gives every leaf a number of its own, so that a wrong place cannot look right by chance. */
function* leaves(value: Tree, path: (string | number)[]): Generator<[(string | number)[], number]> {
  let count = 1000
  function* walk(at: Tree, here: (string | number)[]): Generator<[(string | number)[], number]> {
    if (typeof at === 'number') return
    for (const [key, inner] of Object.entries(at)) {
      const step = Array.isArray(at) ? Number(key) : key
      if (typeof inner === 'number') {
        const leaf = count++
        Object.assign(at, { [key]: leaf })
        yield [[...here, step], leaf]
      } else {
        yield* walk(inner, [...here, step])
      }
    }
  }
  yield* walk(value, path)
}

describe('yamlPlaces', () => {
  it('finds every leaf of any document, however it is written', () => {
    const styles = fc.record({
      flowLevel: fc.integer({ min: -1, max: 4 }),
      indent: fc.integer({ min: 1, max: 5 }),
      noArrayIndent: fc.boolean(),
    })
    fc.assert(
      fc.property(tree, styles, fc.boolean(), (value, style, crlf) => {
        const found = [...leaves(value, [])]
        let text = yaml.dump(value, style)
        if (crlf) text = text.replaceAll('\n', ' # remark: [\r\n')
        const root = yamlPlaces(text)
        for (const [path, leaf] of found) {
          const offset = offsetOf(root, path, 'value')
          assert.equal(text.slice(offset, offset + 4), String(leaf))
          const key = path.at(-1)
          if (typeof key !== 'string') continue
          const keyText = text.slice(offsetOf(root, path, 'key')).replace(/^['"]/, '')
          assert(keyText.startsWith(key), `${JSON.stringify(path)} in ${text}`)
        }
      }),
      { numRuns: 500 },
    )
  })
})
