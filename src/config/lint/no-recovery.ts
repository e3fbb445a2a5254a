// Health checks that take targets out and never bring one back.
import type { healthchecks } from '../../../schemas/healthchecks.js'
import type { ConfigOf } from '../../../schemas/types.js'
import type { Finding } from './rule.js'
import { titleOf } from './scope.js'
import type { LintView } from './view.js'

/** Kong: a target that is out gets no requests, and so no success of one can count for it. */
export function noRecovery(view: LintView): Finding[] {
  return view.all('upstreams').flatMap((upstream) => {
    const checks = upstream.fields.healthchecks as ConfigOf<typeof healthchecks>
    const { healthy, unhealthy } = checks.active
    if (!takesOut(checks) || (unhealthy.interval > 0 && healthy.successes > 0)) return []
    const field = unhealthy.interval > 0 ? ['healthy', 'successes'] : ['unhealthy', 'interval']
    return [
      {
        path: [...upstream.path, 'healthchecks', 'active', ...field],
        message:
          `a target of '${titleOf(upstream, 'name')}' that has failed stays out until somebody ` +
          'sets it healthy: no probe is sent that could',
        hint: 'active.unhealthy.interval: 5 with active.healthy.successes: 1 tries it every five seconds',
      },
    ]
  })
}

function takesOut({ active, passive }: ConfigOf<typeof healthchecks>): boolean {
  const hasProbes = active.healthy.interval > 0 || active.unhealthy.interval > 0
  return [passive, ...(hasProbes ? [active] : [])].some(({ unhealthy }) => {
    const { tcp_failures, timeouts, http_failures } = unhealthy
    return tcp_failures > 0 || timeouts > 0 || http_failures > 0
  })
}
