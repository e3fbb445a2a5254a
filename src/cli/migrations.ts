// gw migrations: nothing to do, and no reason to fail. Compose files run it before the gateway, and wait for it; a Kong
// without a database says the same and ends with 0, too.
import { print } from './output.js'

/** What each says on a database where everything is done. */
const DONE = {
  bootstrap: 'Database already bootstrapped',
  up: 'Database is already up-to-date',
  finish: 'No pending migrations to finish',
  list: '',
  status: '{}',
  reset: '',
} as const

export type MigrationsCommand = keyof typeof DONE
export const MIGRATIONS = Object.keys(DONE) as readonly MigrationsCommand[]

export async function migrations(command: MigrationsCommand, isQuiet: boolean): Promise<void> {
  if (isQuiet) return
  await print(process.stdout, DONE[command])
  await print(process.stderr, 'gw has no database: there is nothing to migrate')
}
