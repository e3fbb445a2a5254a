// Limits by period of a configuration: `second`, `minute` and so on up to `year`.
import type { RawConfig } from '../rules/rules.js'
import { PERIODS } from '../windows.js'

/** A longer period may not allow less than a shorter one. Names the first pair that does, as Kong does. */
export function orderFault(config: RawConfig): string | undefined {
  const limits = PERIODS.flatMap((period) => {
    const limit = config[period]
    return typeof limit === 'number' ? [{ period, limit }] : []
  })
  for (const [index, lower] of limits.entries()) {
    const upper = limits.slice(index + 1).find(({ limit }) => limit < lower.limit)
    if (upper === undefined) continue
    const [above, below] = [upper, lower].map(
      ({ period, limit }) => `${period}(${limit.toFixed(1)})`,
    )
    return `limit for ${above} cannot be lower than the limit for ${below}`
  }
  return undefined
}
