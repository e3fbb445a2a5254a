// What both names of the program have: how they start, and how they end.
import { CommanderError, type Command } from 'commander'
import { Signals } from './signals.js'
import type { StartOptions } from './start.js'
import type { Style } from './style.js'
import { unused, withPlace } from './verbs.js'

/** `start` and `restart`, and for Kong's images `docker-start`. */
export function addStart(program: Command, style: Style): void {
  const add = (name: string, description: string): Command => {
    const command = withPlace(program.command(name).description(description))
      .option('--workers <number>', 'threads that serve; auto: as many as there are processors')
      .option('--watch', 'read the file again when it changes')
      .option('--echo <host:port>', 'also run an upstream that answers with what it got')
      .option('--expand-env', 'put ${VARIABLES} of the environment into the file')
      .option('--skip-unsupported', 'leave out what this version cannot do instead of refusing')
    return style.command === 'gw'
      ? command.argument('[file]', 'declarative file; without it, KONG_DECLARATIVE_CONFIG')
      : command
          .addOption(unused('--nginx-conf <file>'))
          .addOption(unused('--nginx-conf-flags <flags>'))
          .addOption(unused('--run-migrations'))
          .addOption(unused('--db-timeout <seconds>'))
          .addOption(unused('--lock-timeout <seconds>'))
  }

  const go = async (
    file: string | undefined,
    { foreground = false, ...options }: StartOptions & { readonly foreground?: boolean },
    how: 'start' | 'restart',
  ): Promise<void> => {
    // Before the modules that take a while.
    const signals = new Signals()
    const wanted = foreground ? { ...options, daemon: false } : options
    if (how === 'restart') {
      const { restart } = await import('./restart.js')
      await restart(file, wanted, { signals, style })
    } else {
      const { start } = await import('./start.js')
      await start(file, wanted, { signals, style })
    }
  }

  for (const how of ['start', 'restart'] as const) {
    const description =
      how === 'start' ? 'run the gateway' : 'end the running gateway and start one'
    const command = add(how, description)
      .option('--daemon', 'in the background, once it is ready')
      .option('--foreground', 'in the foreground, whatever the settings say')
    if (style.command === 'gw') {
      command.action((file: string | undefined, options: StartOptions) => go(file, options, how))
    } else {
      command.action((options: StartOptions) => go(undefined, options, how))
    }
  }
  if (style.command === 'gw') return
  add('docker-start', 'run the gateway in the foreground, as images do').action(
    (options: StartOptions) => go(undefined, { ...options, daemon: false }, 'start'),
  )
}

/** Runs the command of the command line; a failure becomes words and the exit code 1. */
export async function run(program: Command, style: Style): Promise<void> {
  program.showHelpAfterError().exitOverride()
  for (const command of commandsOf(program)) {
    command.copyInheritedSettings(program)
  }
  try {
    await program.parseAsync()
  } catch (error) {
    // Commander has printed its own message, and asks for a code of its own.
    if (error instanceof CommanderError) process.exitCode = error.exitCode
    else {
      process.exitCode = 1
      const { v, vv } = program.opts<{ readonly v?: boolean; readonly vv?: boolean }>()
      await style.fail(error, v === true || vv === true)
    }
  }
}

function commandsOf(program: Command): readonly Command[] {
  return program.commands.flatMap((command) => [command, ...commandsOf(command)])
}
