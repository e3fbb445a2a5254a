// gw vault get: what a reference to a secret leads to, in the environment of this command.
import { Secrets } from '../config/index.js'
import { loadSettings } from '../gateway/load-settings.js'
import { isVaultReference } from '../util/vault-reference.js'
import { print } from './output.js'
import { prefixFlag, type PlaceOptions } from './place.js'

/**
 * @param reference whole, or its inner part: `env/name`
 * @throws Error when it leads nowhere
 */
export async function vaultGet(reference: string, { conf, prefix }: PlaceOptions): Promise<void> {
  const { vaultEnvPrefix } = loadSettings(process.env, { conf, flags: prefixFlag(prefix) })
  const whole = isVaultReference(reference) ? reference : `{vault://${reference}}`
  const secrets = new Secrets({ environment: process.env, envPrefix: vaultEnvPrefix }, [])
  const read = secrets.read(whole)
  if ('fault' in read) throw new Error(`could not get the value of ${whole} (${read.fault})`)
  await print(process.stdout, read.value)
}
