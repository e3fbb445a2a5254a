// Writes what follows from the schemas: `node dist/schemas/publish.js [--check]`, after every build.
// kong.schema.json is for editors and part of the repository; `--check` only says whether it is fresh. The compiled
// validators stay in dist and make the gateway start faster. Not part of the gateway, and so above every floor.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bundledPlugins } from '../plugins/index.js'
import { plannedPlugins } from '../plugins/planned.js'
import { COLLECTIONS } from '../src/config/entities/collections.js'
import { publishedSchema } from '../src/config/published-schema.js'
import { compiledFile, compileToModule } from '../src/config/validators.js'

// Beside the sources, seen from dist/schemas/.
const target = new URL('../../schemas/kong.schema.json', import.meta.url)
const specs = [...bundledPlugins, ...plannedPlugins]
const fresh = `${JSON.stringify(publishedSchema(specs), null, 2)}\n`

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== fresh) {
    process.stderr.write('schemas/kong.schema.json is not what the schemas say: run make schemas\n')
    process.exitCode = 1
  }
} else {
  writeFileSync(target, fresh)
  writeValidators()
}

function writeValidators(): void {
  const schemas = [...COLLECTIONS, ...specs].map(({ schema }) => schema)
  const files = schemas.map((schema) => ({ file: compiledFile(schema), schema }))
  for (const { file } of files) rmSync(dirname(file), { recursive: true, force: true })
  for (const { file, schema } of files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, compileToModule(schema))
  }
}
