// gw schema: prints the JSON Schema of declarative files, for editors and other tools.
import { readSchema } from '../gateway/schema.js'
import { print } from './output.js'

export async function schema({ plugin }: { readonly plugin?: string }): Promise<void> {
  const found = await readSchema(process.env, plugin)
  await print(process.stdout, JSON.stringify(found, null, 2))
}
