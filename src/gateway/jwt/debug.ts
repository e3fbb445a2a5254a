// Why a token is taken or refused: asks every use of the plugin jwt that is meant, and puts places of the file to it.
import { examineToken, type Examination } from '../../../plugins/index.js'
import type { LoadedConfig } from '../../config/index.js'
import type { PluginEntry, Route } from '../../model/entities.js'
import { PluginUses } from '../../pipeline/plan.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { Side } from '../diff/side.js'
import { namedIn } from '../explain/routes.js'
import { runnableOf } from '../explain/runnable.js'
import { checksOf, consumerText } from './checks.js'
import type { TokenReport, UseShown } from './report.js'

export interface DebugOptions {
  readonly file: string
  readonly config: LoadedConfig
  readonly plugins: PluginRegistry
  /** Name or id of a route; left out, every use of the plugin is asked. */
  readonly route?: string | undefined
  readonly nowMs: number
}

/** A file may have one for each of its routes; what is said of them is mostly the same. */
const MAX_USES = 10

/** @throws Error where no use of the plugin is meant */
export function debugToken(text: string, options: DebugOptions): TokenReport {
  const { file, config, plugins, nowMs } = options
  if (plugins.get('jwt') === undefined || plugins.isOwn('jwt')) {
    throw new Error('the plugin jwt of this gateway is not among those of the settings')
  }
  const side = new Side(file, config, plugins)
  const token = withoutScheme(text)
  const examined = usesOf(options, side).map((entry) => ({
    entry,
    found: examineToken(token, entry.config, config.snapshot, nowMs),
  }))
  const isRefused = examined.some(({ found }) => found.body !== null)
  const [first] = examined
  return {
    file,
    token: {
      characters: token.length,
      header: first?.found.header ?? null,
      claims: first?.found.claims ?? null,
    },
    uses: examined
      .slice(0, MAX_USES)
      .map(({ entry, found }) => useShown(entry, found, side, nowMs)),
    more: Math.max(0, examined.length - MAX_USES),
    verdict: isRefused ? 'refused' : 'accepted',
  }
}

/** As it is copied from a header. */
function withoutScheme(text: string): string {
  return text.trim().replace(/^(?:authorization:\s*)?bearer\s+/i, '')
}

function usesOf(options: DebugOptions, side: Side): readonly PluginEntry[] {
  const { file, config, plugins, route: name } = options
  const { steps } = runnableOf(side, plugins)
  if (name === undefined) {
    const entries = steps.map(({ entry }) => entry).filter((entry) => entry.name === 'jwt')
    if (entries.length > 0) return entries
    throw new Error(`${file} does not use the plugin jwt`)
  }
  const route = routeNamed(config.snapshot.routes, name)
  if (route === undefined) throw new Error(`${file} has no route '${name}'`)
  const step = new PluginUses(steps).choose('jwt', route.id, route.service?.id ?? '', '')
  if (step === null) throw new Error(`the plugin jwt does not apply to route '${name}'`)
  return [step.entry]
}

function routeNamed(routes: readonly Route[], name: string): Route | undefined {
  return routes.find((route) => route.name === name) ?? routes.find(({ id }) => id === name)
}

function useShown(entry: PluginEntry, found: Examination, side: Side, nowMs: number): UseShown {
  const { credential, body } = found
  return {
    ...namedIn(side, 'plugins', entry),
    verdict: body === null ? 'accepted' : 'refused',
    answer: body === null ? null : { status: 401, body },
    consumer: credential === null ? null : consumerText(credential),
    credential: credential === null ? null : namedIn(side, 'jwt_secrets', credential),
    checks: checksOf(found, nowMs),
    notes: notesOn(found),
  }
}

function notesOn({ body, anonymous, isBase64Mistaken, times, step }: Examination): string[] {
  const notes: string[] = []
  if (isBase64Mistaken) {
    notes.push('the signature is right if secret_is_base64 is turned round')
  }
  if (body !== null && anonymous !== null) {
    notes.push(`the request goes on as the anonymous consumer '${anonymous}' instead of a 401`)
  }
  if (step === 'accepted' && !times.verified.includes('exp')) {
    notes.push('the time is not looked at: claims_to_verify does not name exp')
  }
  return notes
}
