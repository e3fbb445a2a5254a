import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const EMPTY =
  "at least one of these fields must be non-empty: 'config.prompts.prepend', 'config.prompts.append'"

test('fills in the role of a message and the limits', () => {
  assert.deepEqual(complete(spec, { prompts: { append: [{ content: 'Be brief.' }] } }), {
    prompts: { append: [{ role: 'system', content: 'Be brief.' }] },
    max_request_body_size: 8192,
    llm_format: 'openai',
  })
})

test('demands a message before or after those of the client', () => {
  for (const config of [{}, { prompts: {} }, { prompts: { prepend: [], append: [] } }]) {
    assert.deepEqual(faultsOf(spec, config), [EMPTY])
  }
})

test('limits how many messages there are and how long they may be', () => {
  const longest = { role: 'user', content: 'x'.repeat(500) }
  const messages = Array.from({ length: 15 }, () => longest)
  assert.deepEqual(faultsOf(spec, { prompts: { prepend: messages } }), [])
  const tooMuch = [{ content: 'x'.repeat(501) }, { role: 'tool', content: '' }, { role: 'user' }]
  assert.deepEqual(
    faultsOf(spec, { prompts: { prepend: tooMuch, append: [...messages, longest] } }).sort(),
    [
      'prompts.append: length must be at most 15',
      'prompts.prepend[0].content: length must be at most 500',
      'prompts.prepend[1].content: length must be at least 1',
      'prompts.prepend[1].role: expected one of: system, assistant, user',
      'prompts.prepend[2].content: required field missing',
    ],
  )
})
