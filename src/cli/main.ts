#!/usr/bin/env node
// The gw command. Each command's module is loaded only when it runs: start-up time is what an orchestrator waits for.
import { Command, CommanderError, Option } from 'commander'
import { describeError } from '../errors/describe.js'
import { VERSION } from '../util/version.js'
import { echoCommand } from './echo.js'
import type { PrintFormat } from '../config/index.js'
import type { ReportFormat } from './validate.js'

function fail(error: unknown): void {
  process.stderr.write(`Error: ${describeError(error)}\n`)
  process.exitCode = 1
}

const program = new Command('gw')
  .description('An API gateway that runs existing kong.yml files')
  .showHelpAfterError()
  .exitOverride()

program
  .command('start')
  .description('run the gateway in the foreground')
  .argument('[file]', 'declarative file; without it, KONG_DECLARATIVE_CONFIG')
  .option('--echo <host:port>', 'also run an upstream that answers with what it got')
  .action(async (file: string | undefined, options: { echo?: string }) => {
    const { start } = await import('./start.js')
    await start(file, options)
  })

program
  .command('validate')
  .description('check declarative files; exit 0: right, 1: faults, 2: a file cannot be read')
  .argument('<file...>', 'declarative files; - for standard input')
  .addOption(
    new Option('--format <format>', 'of the report').choices(['pretty', 'json']).default('pretty'),
  )
  .action(async (files: readonly string[], options: { format: ReportFormat }) => {
    const { validate } = await import('./validate.js')
    process.exitCode = await validate(files, options.format)
  })

program
  .command('print')
  .description('write a declarative file in canonical form: flat, complete, with every id')
  .argument('<file>', 'declarative file; - for standard input')
  .addOption(
    new Option('--format <format>', 'of what is written').choices(['yaml', 'json']).default('yaml'),
  )
  .action(async (file: string, options: { format: PrintFormat }) => {
    const { print } = await import('./print.js')
    await print(file, options.format)
  })

program.addCommand(echoCommand())

program
  .command('version')
  .description('print the version')
  .action(() => {
    process.stdout.write(`${VERSION}\n`)
  })

try {
  await program.parseAsync()
} catch (error) {
  // Commander has printed its own message, and asks for a code of its own.
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else fail(error)
}
