// The gw command. Each command's module is loaded only when it runs: start-up time is what an orchestrator waits for.
import { Command, Option } from 'commander'
import type { DiffFlags } from './diff.js'
import { echoCommand } from './echo.js'
import type { ExplainFlags } from './explain.js'
import type { HashKeyFlags } from './hash-key.js'
import type { JwtDebugFlags } from './jwt.js'
import type { PrintFlags } from './print.js'
import { addStart, run } from './program.js'
import { GW } from './style.js'
import { addVerbs } from './verbs.js'
import type { ValidateFlags } from './validate.js'

const FORMATS: readonly ValidateFlags['format'][] = ['pretty', 'json', 'github', 'sarif', 'junit']

const VALIDATE_HELP = `
A folder stands for its .yml, .yaml and .json files. Without files, KONG_DECLARATIVE_CONFIG says what to read.

Exit code:
  0  right, perhaps with warnings
  1  faults in a file
  2  a file or the settings cannot be read, or a pattern matches nothing`

const DIFF_HELP = `
One of the two may be -, for standard input: git show main:kong.yml | gw diff - kong.yml

Exit code:
  0  no change in meaning
  1  changed, added or tightened, nothing worse
  2  a file or the settings are wrong or cannot be read
  3  something is loosened: it lets through, shows or trusts more than before
  4  requests are refused or end elsewhere, and nothing is loosened`

const EXPLAIN_HELP = `
URL is http://HOST/PATH, https://HOST/PATH, or a path alone; then -H 'Host: NAME' names the host.
Without -c the settings say what to read. Nothing is sent anywhere.

Exit code:
  0  a route answers
  1  the gateway answers itself, with an error or a redirect
  2  the file, the settings or the request are wrong or cannot be read`

const JWT_DEBUG_HELP = `
Neither secrets nor the signature are printed. A token on the command line may be seen by others; - reads it from standard
input. Without -c the settings say which file to read.

Exit code:
  0  the token is accepted, by every use of the plugin that is asked
  1  it is refused
  2  the file or the settings are wrong or cannot be read, or the plugin is not used`

const HASH_KEY_HELP = `
A key on the command line stays in the history of the shell, and others may see it; better: openssl rand -hex 16 | tee key
| gw hash-key. The hash keeps random keys secret, of 24 characters or more; words can be found again by trying.

Exit code:
  0  printed
  1  there is no key, or one that could be guessed`

const program = new Command('gw').description('An API gateway that runs existing kong.yml files')

addStart(program, GW)
addVerbs(program, GW)

program
  .command('validate')
  .description('check declarative files')
  .argument('[files...]', 'files, folders, patterns, - for standard input')
  .addOption(new Option('--format <format>', 'of the report').choices(FORMATS).default('pretty'))
  .option('--expand-env', 'put ${VARIABLES} of the environment into the file')
  .option('--fix', 'first mend what can be mended without asking')
  .option('--dry-run', 'with --fix: write nothing, print the difference')
  .option('--strict', 'let warnings count as faults')
  .option('-q, --quiet', 'errors only')
  .addHelpText('after', VALIDATE_HELP)
  .action(async (files: readonly string[], flags: ValidateFlags) => {
    const { validate } = await import('./validate.js')
    process.exitCode = await validate(files, flags)
  })

program
  .command('schema')
  .description('print the JSON Schema of declarative files, with the plugins of the settings')
  .option('--plugin <name>', "of that plugin's configuration alone")
  .action(async (flags: { plugin?: string }) => {
    const { schema } = await import('./schema.js')
    await schema(flags)
  })

program
  .command('print')
  .description('write a declarative file in canonical form: flat, complete, with every id')
  .argument('<file>', 'declarative file')
  .addOption(
    new Option('--format <format>', 'of what is written').choices(['yaml', 'json']).default('yaml'),
  )
  .option('--expand-env', 'put ${VARIABLES} of the environment into the file')
  .action(async (file: string, flags: PrintFlags) => {
    const { printCommand } = await import('./print.js')
    await printCommand(file, flags)
  })

program
  .command('diff')
  .description('say what changes in meaning from one declarative file to another')
  .argument('<old>', 'declarative file, or - for standard input')
  .argument('<new>', 'the same')
  .addOption(
    new Option('--format <format>', 'of the report')
      .choices(['pretty', 'json', 'markdown'])
      .default('pretty'),
  )
  .option('--expand-env', 'put ${VARIABLES} of the environment into the files')
  .addHelpText('after', DIFF_HELP)
  .action(async (old: string, now: string, flags: DiffFlags) => {
    const { diff } = await import('./diff.js')
    process.exitCode = await diff(old, now, flags)
  })

program
  .command('explain')
  .description('say which route a request gets, why, and what its target gets')
  .argument('<method>', 'as in GET')
  .argument('<url>', 'with host, or a path alone')
  .option('-c, --config <file>', 'declarative file, or - for standard input')
  .option('-H, --header <line>', "'Name: value', any number of them", collect, [])
  .option('--from <address>', 'where the request comes from (default: 127.0.0.1)')
  .option('--consumer <name>', 'show the plugins as this consumer gets them')
  .option('--conf <file>', 'kong.conf to read settings from')
  .option('--expand-env', 'put ${VARIABLES} of the environment into the file')
  .addOption(
    new Option('--format <format>', 'of the report').choices(['pretty', 'json']).default('pretty'),
  )
  .addHelpText('after', EXPLAIN_HELP)
  .action(async (method: string, url: string, flags: ExplainFlags) => {
    const { explain } = await import('./explain.js')
    process.exitCode = await explain(method, url, flags)
  })

program
  .command('jwt')
  .description('JSON Web Tokens')
  .addCommand(
    program
      .createCommand('debug')
      .description('say which credential, algorithm, claim or time has a token refused')
      .argument('<token>', 'or - for standard input')
      .option('-c, --config <file>', 'declarative file, or - for standard input')
      .option('--route <name>', 'name or id; left out, every use of the plugin is asked')
      .option('--conf <file>', 'kong.conf to read settings from')
      .option('--expand-env', 'put ${VARIABLES} of the environment into the file')
      .addOption(
        new Option('--format <format>', 'of the report')
          .choices(['pretty', 'json'])
          .default('pretty'),
      )
      .addHelpText('after', JWT_DEBUG_HELP)
      .action(async (token: string, flags: JwtDebugFlags) => {
        const { jwtDebug } = await import('./jwt.js')
        process.exitCode = await jwtDebug(token, flags)
      }),
  )

program
  .command('hash-key')
  .description('print what the file of key-auth-enc may hold in place of a key')
  .argument('[key]', 'the key; left out or -, the first line of standard input')
  .option('--force', 'even if the key could be guessed')
  .addHelpText('after', HASH_KEY_HELP)
  .action(async (key: string | undefined, flags: HashKeyFlags) => {
    const { hashKeyCommand } = await import('./hash-key.js')
    process.exitCode = await hashKeyCommand(key, flags)
  })

program.addCommand(echoCommand())

await run(program, GW)

/** For an option that may be given several times. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
