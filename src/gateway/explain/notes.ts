// What else is to be known: chance, plugins with a say, and what this version does not do.
import type { Consumer } from '../../model/entities.js'
import type { Plan } from '../../pipeline/plan.js'
import type { Routing } from '../../router/explain.js'
import type { Side } from '../diff/side.js'
import type { DryRun } from './dry-run.js'
import { authenticates, mayApply } from './plugins.js'
import { namedIn } from './routes.js'
import type { Runnable } from './runnable.js'

/** Of one kind. */
const MAX_NOTES = 5

export interface Noted {
  readonly run: DryRun
  readonly routing: Routing
  readonly side: Side
  readonly runnable: Runnable
  readonly plan: Plan
  readonly consumer: Consumer | null
}

export function notesOn(noted: Noted): string[] {
  return [...chance(noted), ...consumerNotes(noted), ...leftOut(noted), ...unserved(noted)]
}

/** Ids that are new at every start decide otherwise at the next one. */
function chance({ routing, side }: Noted): string[] {
  const { winner, behind } = routing
  if (winner === null || behind[0]?.lead.advantage !== 'id') return []
  const ties = behind.filter(({ lead }) => lead.advantage === 'id')
  const isSteady = [winner, ...ties].every(({ route }) => {
    return side.byId('routes', route.id)?.hasStableId === true
  })
  if (isSteady) return []
  return [
    'chance decides between routes that rank the same: their ids are new at every start, so another one may win next time; give them names, or different conditions',
  ]
}

function consumerNotes({ run, plan, consumer }: Noted): string[] {
  if (consumer === null || run.journey.compiledRoute === null || authenticates(plan)) return []
  return [
    'no plugin of this route names a consumer that this command knows of: the plugins are shown as if one did before all others',
  ]
}

function leftOut({ run, runnable, side }: Noted): string[] {
  const own = runnable.leftOut.filter((entry) => mayApply(entry, run.journey.route))
  const notes = own
    .slice(0, MAX_NOTES)
    .map(
      (entry) => `${namedIn(side, 'plugins', entry).title} is left out: this version cannot run it`,
    )
  const more = own.length - notes.length
  return more > 0 ? [...notes, `${more} more plugins are left out`] : notes
}

function unserved({ runnable, side }: Noted): string[] {
  const count = runnable.snapshot.routes.length - runnable.served.length
  const notes =
    count === 0 ? [] : [`routes that this version does not serve, and does not try: ${count}`]
  const isRefused = side.config.unsupported.length > 0
  return isRefused
    ? [...notes, 'gw start takes this file with --skip-unsupported alone: gw validate says why']
    : notes
}
