import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('lets requests pass that ask for no template', () => {
  const templates = [{ name: 'joke', template: '{"prompt": "A joke about {{topic}}"}' }]
  assert.deepEqual(complete(spec, { templates }), {
    templates,
    allow_untemplated_requests: true,
    log_original_request: false,
    max_request_body_size: 8192,
  })
})

test('demands templates, each with its name and text', () => {
  assert.deepEqual(faultsOf(spec, {}), ['templates: required field missing'])
  assert.deepEqual(faultsOf(spec, { templates: [{ name: '' }] }).sort(), [
    'templates[0].name: length must be at least 1',
    'templates[0].template: required field missing',
  ])
})
