// gw under the name kong: the commands of Kong, which scripts, images and health checks run.
import { Command } from 'commander'
import { addStart, run } from './program.js'
import { KONG } from './style.js'
import { addVerbs } from './verbs.js'

const program = new Command('kong').description('gw, with the commands of Kong').configureOutput({
  outputError(text, write) {
    const unknown = /^error: unknown command '(.*)'/.exec(text)?.[1]
    write(unknown === undefined ? text : `No such command: ${unknown}\n`)
  },
})

// Kong takes these behind the command, too.
program.option('-v, --v', 'verbose').option('--vv', 'debug')
addStart(program, KONG)
addVerbs(program, KONG)

for (const name of ['hybrid', 'roar']) {
  program
    .command(name, { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new Error(`'kong ${name}' is not a part of gw`)
    })
}

await run(program, KONG)
