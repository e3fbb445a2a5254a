// kong.yml.example is a file that the gateway accepts, and that an editor can check.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runToEnd } from '../support/child.js'
import { gwCommand, projectRoot } from '../support/root.js'

describe('kong.yml.example', () => {
  const path = join(projectRoot, 'kong.yml.example')

  it('is valid', async () => {
    const { code, output } = await runToEnd(process.execPath, [gwCommand, 'validate', path])
    assert.equal(code, 0, output)
  })

  it('tells editors its schema in the first line', () => {
    const [first] = readFileSync(path, 'utf8').split('\n')
    assert.equal(first, '# yaml-language-server: $schema=./schemas/kong.schema.json')
  })
})
