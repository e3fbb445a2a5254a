import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RouterFlavour } from '../../../schemas/route.js'
import { ConfigError } from '../../errors/config-error.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { loadConfig } from '../load.js'

/** What is wrong with a route under a flavour of the router, or cannot be done with it. */
function faultsOf(route: object, routerFlavour: RouterFlavour): string[] {
  const text = JSON.stringify({ _format_version: '3.0', routes: [route] })
  const context = { plugins: new PluginRegistry([]), routerFlavour, now: () => 0 }
  try {
    const { unsupported } = loadConfig({ text, file: 'kong.json' }, context)
    return unsupported.map(({ message }) => message)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe('a route with an expression', () => {
  const expression = 'http.path == "/a"'
  const list = "'methods', 'hosts', 'paths', 'headers', 'snis', 'sources' or 'destinations'"

  it('is unknown to the traditional flavours', () => {
    for (const flavour of ['traditional', 'traditional_compatible'] as const) {
      const [first] = faultsOf({ expression }, flavour)
      assert.equal(first, 'routes[0].expression: unknown field')
    }
  })

  it('is right under its own flavour', () => {
    assert.deepEqual(faultsOf({ expression, priority: 5 }, 'expressions'), [])
  })

  it('is refused with the line and column of what is wrong in it', () => {
    const route = { expression: `${expression} &&\n  http.paht ^= "/b"` }
    assert.deepEqual(faultsOf(route, 'expressions'), [
      'routes[0]: Router Expression failed validation: line 2, column 3: Unknown LHS field http.paht',
    ])
  })

  it('knows less of a stream than of a request', () => {
    const route = { expression, protocols: ['tcp'] }
    assert.match(faultsOf(route, 'expressions').join(), /Unknown LHS field http\.path$/)
  })

  it('is right but cannot be served yet when it asks for what no engine tells', () => {
    for (const field of ['net.src.port == 1', 'net.dst.ip == 10.0.0.1']) {
      const route = { expression: `${expression} && !(${field})` }
      assert.deepEqual(faultsOf(route, 'expressions'), [
        'routes by net.src.port or net.dst.ip are not built yet',
      ])
    }
  })

  for (const [route, fault] of [
    [{ expression, paths: ['/a'] }, `cannot set 'expression' with ${list} simultaneously`],
    [
      { expression, regex_priority: 1 },
      "cannot set 'regex_priority' with 'expression' simultaneously",
    ],
    [{ paths: ['/a'], priority: 1 }, `cannot set 'priority' with ${list} simultaneously`],
  ] as const) {
    it(`${JSON.stringify(route)} is refused`, () => {
      assert.deepEqual(faultsOf(route, 'expressions'), [
        `routes[0]: Router Expression failed validation: ${fault}`,
      ])
    })
  }

  it('has a priority within bounds', () => {
    assert.deepEqual(faultsOf({ expression, priority: 2 ** 46 }, 'expressions'), [
      `routes[0].priority: value should be between 0 and ${2 ** 46 - 1}`,
    ])
  })
})

describe('a route without an expression', () => {
  it('is as right under that flavour, and may look at addresses', () => {
    const route = { paths: ['/a'], sources: [{ ip: '10.0.0.0/8' }] }
    assert.deepEqual(faultsOf(route, 'expressions'), [])
    assert.match(faultsOf(route, 'traditional_compatible').join(), /cannot set 'sources'/)
  })

  it('may have a wildcard in snis, but not in the flavour traditional', () => {
    const route = { snis: ['*.a.test'] }
    assert.deepEqual(faultsOf(route, 'traditional_compatible'), [])
    assert.deepEqual(faultsOf(route, 'traditional'), ['routes[0].snis[0]: invalid value: *.a.test'])
  })

  it('may look around in flavour traditional, which is PCRE', () => {
    const paths = [
      '~/a(?=/z)',
      '~/(b)\\1',
      '~/(?>a|b)c',
      '~/(?P<n>x)(?P=n)',
      '~/a\\Kb',
      '~/a++',
      '~/c',
    ]
    const route = { paths }
    assert.deepEqual(faultsOf(route, 'traditional'), [])
    assert.deepEqual(faultsOf({ paths: ['~/a(?=/z)'] }, 'traditional_compatible'), [
      "routes[0].paths[0]: Router Expression failed validation: invalid regex '/a(?=/z)': look-around is not supported at offset 3",
    ])
    assert.deepEqual(faultsOf({ paths: ['~/a(?R)?b'] }, 'traditional'), [
      "routes[0].paths[0]: cannot carry over the regex '/a(?R)?b': recursion is not supported: write out the levels that are needed",
    ])
    assert.match(faultsOf({ paths: ['~/a('] }, 'traditional').join(), /invalid regex/)
  })
})
