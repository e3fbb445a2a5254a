import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RouterFlavour } from '../../../schemas/route.js'
import { loadConfig, type LoadedConfig } from '../../config/index.js'
import { PluginRegistry } from '../../plugin/registry.js'
import { warningsOf } from './lint.js'
import { shadowedRoutes } from './shadowed-routes.js'

const lookup = new PluginRegistry([])

function load(
  routes: readonly string[],
  routerFlavour: RouterFlavour = 'traditional_compatible',
): LoadedConfig {
  const text = ['_format_version: "3.0"', 'routes:', ...routes.map((route) => `- ${route}`)].join(
    '\n',
  )
  return loadConfig({ text, file: 'kong.yml' }, { plugins: lookup, routerFlavour, now: () => 0 })
}

function warningsIn(
  routes: readonly string[],
  routerFlavour: RouterFlavour = 'traditional_compatible',
): string[] {
  return warningsOf(load(routes, routerFlavour), lookup, { routerFlavour }).map(
    ({ line, column, path, message, rule }) => `${line}:${column} ${path}: ${message} [${rule}]`,
  )
}

describe('the warnings of a file', () => {
  it('show a shadowed route with a request that another one gets', () => {
    const routes = ['{name: users, paths: [/api/users]}', '{name: all, paths: ["~/api/"]}']
    assert.deepEqual(warningsIn(routes), [
      "3:3 routes[0]: route 'users' never gets a request: GET http://any.test/api/users is served by route 'all' [shadowed-route]",
    ])
  })

  it('come for expressions that only PCRE has, too', () => {
    assert.deepEqual(warningsIn(['{name: a, paths: ["~/a(?=/z)"]}'], 'traditional'), [])
    const [warning, ...others] = warningsIn(['{name: a, paths: ["~/(?!b)(a+)+$"]}'], 'traditional')
    assert.match(warning ?? '', /takes at least twice as long .* \[runaway-regex\]/)
    assert.deepEqual(others, [])
  })

  it('say nothing of shadows in other flavours, which rank routes by other rules', () => {
    const routes = ['{name: users, paths: [/api/users]}', '{name: all, paths: ["~/api/"]}']
    assert.deepEqual(warningsIn(routes, 'traditional'), [])
  })

  it('point at the one path that is shadowed', () => {
    const routes = ['{name: users, paths: [/other, /api/users]}', '{name: all, paths: ["~/api/"]}']
    assert.deepEqual(warningsIn(routes), [
      "3:33 routes[0].paths[1]: this path never gets a request: GET http://any.test/api/users is served by route 'all' [shadowed-route]",
    ])
  })

  it('say of routes without names that chance decides between them, and say it the same each time', () => {
    const warning =
      '4:3 routes[1]: the route at routes[1] gets no request, or all of the other one: GET http://any.test/a is served by the route at routes[0] [shadowed-route]'
    for (let i = 0; i < 8; i++) {
      assert.deepEqual(warningsIn(['{paths: [/a]}', '{paths: [/a]}']), [warning])
    }
  })

  it('come in file order, whichever part finds them', () => {
    const routes = [
      '{name: a, paths: ["/x?y"]}',
      '{name: b, paths: [/b/c]}',
      '{name: c, paths: ["~/b/"]}',
      '{name: d, paths: ["/d/[0-9]+"]}',
    ]
    assert.deepEqual(
      warningsIn(routes).map((warning) => /\[(\S+)\]$/.exec(warning)?.[1]),
      ['unreachable-route', 'shadowed-route', 'regex-without-tilde'],
    )
  })

  it('end in time for a file whose patterns run away on its own paths', () => {
    const { snapshot, origin } = load([
      '{paths: ["~/(a+)+(?:b{3000}|c)$"]}',
      `{paths: ["/${'a'.repeat(60)}!"]}`,
    ])
    assert.deepEqual(shadowedRoutes(snapshot, origin, 50), [
      {
        path: ['routes'],
        message: 'took more than 50 ms: some of the routes were not looked at',
        rule: 'shadowed-route',
      },
    ])
  })
})
