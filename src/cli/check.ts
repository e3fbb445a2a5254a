// gw check: whether a kong.conf is right, together with the environment.
import { ConfigError, formatProblem } from '../errors/config-error.js'
import { CONF_PATHS } from '../gateway/conf-file.js'
import { loadSettings } from '../gateway/load-settings.js'
import { visible } from '../util/terminal-text.js'
import { print } from './output.js'

/** True when it is. What does nothing is told on standard error, and is no fault. */
export async function check(file: string = CONF_PATHS[0]): Promise<boolean> {
  try {
    const { remarks } = loadSettings(process.env, { conf: file })
    for (const { level, message } of remarks) {
      if (level === 'warn') await print(process.stderr, `warning: ${visible(message)}`)
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.problems.map((problem) => visible(formatProblem(problem)))
    await print(process.stderr, lines.join('\n'))
    return false
  }
  await print(process.stdout, `configuration at ${file} is valid`)
  return true
}
