// kong.yml.example is a file that the gateway accepts, and that an editor can check.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv, type SchemaObject } from 'ajv'
import yaml from 'js-yaml'
import { runToEnd } from '../support/child.js'
import { gwCommand, projectRoot } from '../support/root.js'

describe('kong.yml.example', () => {
  const path = join(projectRoot, 'kong.yml.example')

  it('is valid', async () => {
    const { code, output } = await runToEnd(process.execPath, [gwCommand, 'validate', path])
    assert.equal(code, 0, output)
  })

  it('tells editors its schema in the first line, and fits it', () => {
    const text = readFileSync(path, 'utf8')
    const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? []
    // An editor takes the name to be relative to the file.
    const file = resolve(dirname(path), named)
    assert.equal(file, join(projectRoot, 'schemas/kong.schema.json'))
    const schema = JSON.parse(readFileSync(file, 'utf8')) as SchemaObject
    const ajv = new Ajv({ allowUnionTypes: true, validateFormats: false, strict: false })
    assert(ajv.validate(schema, yaml.load(text)), ajv.errorsText())
  })
})
