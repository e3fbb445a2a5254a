// The commands that gw shares with Kong, for both names of the program. Each loads its module when it runs.
import { InvalidArgumentError, Option, type Command } from 'commander'
import { MIGRATIONS } from './migrations.js'
import type { PlaceOptions } from './place.js'
import type { QuitOptions } from './stop.js'
import type { ReloadOptions } from './reload.js'
import type { Style } from './style.js'

export function addVerbs(program: Command, style: Style): void {
  addProcessVerbs(program, style)
  addConfigVerbs(program)
  withPlace(program.command('prepare').description('make the prefix, and start nothing'))
    .addOption(unused('--nginx-conf <file>'))
    .action(async (options: PlaceOptions) => {
      await (await import('./prepare.js')).prepare(options)
    })
  program
    .command('check')
    .description('check a kong.conf')
    .argument('[conf]', 'the file; /etc/kong/kong.conf')
    .action(async (file: string | undefined) => {
      if (!(await (await import('./check.js')).check(file))) process.exitCode = 1
    })
  program
    .command('version')
    .description('print the version')
    .option('-a, --all', 'and of what it is made of')
    .action(async ({ all = false }: { all?: boolean }) => {
      await (await import('./version.js')).version(style, all)
    })
  program
    .command('vault')
    .description('secrets')
    .addCommand(
      withPlace(program.createCommand('get').description('print what a reference leads to'))
        .argument('<reference>', 'such as env/name')
        .action(async (reference: string, options: PlaceOptions) => {
          await (await import('./vault.js')).vaultGet(reference, options)
        }),
    )
}

/** Those that talk to a running gateway. */
function addProcessVerbs(program: Command, style: Style): void {
  const verb = (name: string, description: string): Command =>
    withPlace(program.command(name).description(description))

  verb('stop', 'end the running gateway').action(async (options: PlaceOptions) => {
    await (await import('./stop.js')).stop(options, style)
  })
  verb('quit', 'end the running gateway when its requests have ended')
    .option('-t, --timeout <seconds>', 'how long they may take', parseSeconds, 10)
    .option('-w, --wait <seconds>', 'how long to wait before it begins', parseSeconds, 0)
    .action(async (options: QuitOptions) => {
      await (await import('./stop.js')).quit(options, style)
    })
  verb('reload', 'have the running gateway read its file again, and say what came of it')
    .option('-t, --timeout <seconds>', 'how long that may take', parseSeconds, 60)
    .addOption(unused('--nginx-conf <file>'))
    .addOption(unused('--nginx-conf-flags <flags>'))
    .action(async (options: ReloadOptions) => {
      await (await import('./reload.js')).reload(options, style)
    })
  verb('health', 'say whether the gateway runs').action(async (options: PlaceOptions) => {
    await (await import('./health.js')).health(options, style)
  })
  verb('status', 'say how the running gateway is doing').action(async (options: PlaceOptions) => {
    if (!(await (await import('./status.js')).status(options, style))) process.exitCode = 1
  })
  verb('drain', 'have the running gateway say that it is not ready').action(
    async (options: PlaceOptions) => {
      await (await import('./drain.js')).drain(options, style)
    },
  )
}

function addConfigVerbs(program: Command): void {
  const config = program.command('config').description('declarative files, as Kong has them')
  config
    .command('init')
    .description('write an example')
    .argument('[file]', 'kong.yml')
    .action(async (file: string | undefined) => {
      const { configInit } = await import('./config.js')
      configInit(file)
    })
  withPlace(config.command('parse').description('check a file'))
    .argument('[file]')
    .action(async (file: string | undefined, options: PlaceOptions) => {
      await (await import('./config.js')).configParse(file, options)
    })
  for (const name of ['db_import', 'db_export'] as const) {
    withPlace(config.command(name, { hidden: true }))
      .argument('[file]')
      .action(async () => {
        const { configDatabase } = await import('./config.js')
        configDatabase(name)
      })
  }
  const database = program
    .command('migrations')
    .description('nothing to do: there is no database')
    .allowUnknownOption()
  for (const name of MIGRATIONS) {
    withPlace(database.command(name))
      .option('-q, --quiet', 'say nothing')
      .addOption(unused('-y, --yes'))
      .addOption(unused('-f, --force'))
      .addOption(unused('--db-timeout <seconds>'))
      .addOption(unused('--lock-timeout <seconds>'))
      .action(async ({ quiet = false }: { quiet?: boolean }) => {
        const { migrations } = await import('./migrations.js')
        await migrations(name, quiet)
      })
  }
}

/** The options of nearly every verb of Kong's. */
export function withPlace(command: Command): Command {
  return command
    .option('-c, --conf <file>', 'kong.conf')
    .option('-p, --prefix <folder>', 'where the gateway keeps its process id and its settings')
}

/** An option of Kong's that means nothing here. */
export function unused(flags: string): Option {
  return new Option(flags, 'taken, without effect').hideHelp()
}

function parseSeconds(text: string): number {
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(text)) {
    throw new InvalidArgumentError('a number of seconds')
  }
  return Number(text)
}
