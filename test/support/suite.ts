// Runs test files with node:test, each in a process of its own, and counts strictly: a file without a test, a skipped
// test and a file that dies are failures.
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'
import { projectRoot } from './root.js'

export interface Count {
  readonly passed: number
  readonly failed: number
}

export interface SuiteOptions {
  /** Files at the same time. */
  readonly concurrency: number
  /** After so long a file counts as hanging. */
  readonly fileTimeoutMs: number
}

/** Sources of tests below these folders of the project, as paths relative to it, in order. */
export function findTests(folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(projectRoot, folder)))
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => join(folder, file)),
    )
    .toSorted()
}

/**
 * @param sources test files as `findTests` gives them. What runs is their compiled form: going by the sources, a test
 *   that has been removed is not run from an old build, and one that was not compiled is a failure.
 */
export async function runSuite(sources: readonly string[], options: SuiteOptions): Promise<Count> {
  const count = { passed: 0, failed: 0 }
  const fail = (title: string, detail: string): void => {
    count.failed++
    console.log(`FAIL ${title}\n${detail.replace(/^/gm, '     ')}`)
  }
  const compiled = sources.map((source) =>
    join(projectRoot, 'dist', source.replace(/\.ts$/, '.js')),
  )
  const missing = compiled.filter((file) => !existsSync(file))
  for (const file of missing) fail(relative(projectRoot, file), 'it has not been compiled')
  const files = compiled.filter((file) => existsSync(file))
  if (files.length === 0) {
    fail('no test file', 'a run that proves nothing is not a success')
    return count
  }
  const { concurrency, fileTimeoutMs } = options
  const printed = new Map<string, string>()
  const keep = ({ file, message }: { file: string; message: string }): void => {
    printed.set(file, (printed.get(file) ?? '') + message)
  }
  const stream = run({ files, concurrency, timeout: fileTimeoutMs })
  stream.on('test:stdout', keep).on('test:stderr', keep)
  stream.on('test:fail', (event) => {
    const { error } = event.details
    if (isFailureOfParts(error)) return // its parts have been counted
    const output = isWholeFile(event) ? (printed.get(event.file ?? '') ?? '') : ''
    fail(titleOf(event), [describe(error), output].filter(Boolean).join('\n'))
  })
  stream.on('test:pass', (event) => {
    if (event.skip !== undefined || event.todo !== undefined) fail(titleOf(event), 'it was skipped')
    else if (isWholeFile(event)) fail(titleOf(event), 'there is no test in this file')
    else if (event.details.type !== 'suite') count.passed++
  })
  stream.resume()
  await once(stream, 'end')
  return count
}

interface TestEvent {
  readonly name: string
  readonly nesting: number
  readonly file?: string
}

/** node:test reports a file itself only when it saw no test in it, or when it died. */
function isWholeFile({ name, nesting, file }: TestEvent): boolean {
  return nesting === 0 && file !== undefined && resolve(name) === file
}

function titleOf(event: TestEvent): string {
  const file = relative(join(projectRoot, 'dist'), event.file ?? '')
  return isWholeFile(event) ? file : `${file}: ${event.name}`
}

function isFailureOfParts(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed'
}

function describe(error: Error): string {
  return inspect(error.cause instanceof Error ? error.cause : error, { depth: 6, colors: false })
}
