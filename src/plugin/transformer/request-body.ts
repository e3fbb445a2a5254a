// The body of the request to the target: forms, JSON objects and multipart forms, changed by the names of their fields.
import type { LuaNames } from '../../util/lua/run/expression.js'
import { textOf } from '../../util/lua/run/values.js'
import { boundaryOf, splitMultipart, type BodyKind, type Piece } from '../body-fields.js'
import { FormArguments } from '../form-arguments.js'
import { JsonObject, parseJson, type JsonContainer } from '../json-object.js'
import { addAt, appendAt, keepOnly, removeAt, renameAt, replaceAt } from './json-path.js'
import type { BodySection, Pair } from './request-plan.js'
import { changeArguments, renderSection, type Rendered } from './request-sections.js'
import { typedJson } from './typed-value.js'

/** The new body; null when it stays as it is, be it that it is not what its type says. */
export function changeBody(
  kind: BodyKind,
  contentType: string,
  body: Buffer,
  section: BodySection,
  names: LuaNames,
): Buffer | null {
  if (body.length === 0 && section.add.length === 0 && section.append.length === 0) return null
  switch (kind) {
    case 'json':
      return changeJson(body, section, names)
    case 'form':
      return changeForm(body, section, names)
    case 'multipart':
      return changeMultipart(contentType, body, section, names)
  }
}

/** Kong: an empty body has nothing that could be removed, renamed or replaced. */
function changeJson(body: Buffer, section: BodySection, names: LuaNames): Buffer | null {
  const root = body.length === 0 ? JsonObject.of('') : parsed(body, section)
  if (root === null) return null
  const values = renderSection(section, names)
  for (const { path } of section.remove) removeAt(root, path)
  section.rename.forEach(({ path }, i) => {
    renameAt(root, path, textOf(values.rename[i] ?? ''), false)
  })
  eachTyped(section.replace, values.replace, ({ path }, json) => {
    replaceAt(root, path, json)
  })
  eachTyped(section.add, values.add, ({ path }, json) => {
    addAt(root, path, json)
  })
  eachTyped(section.append, values.append, ({ path }, json) => {
    appendAt(root, path, json)
  })
  if (section.allow !== null) keepOnly(root, section.allow.paths)
  return root.toBuffer()
}

function parsed(body: Buffer, { takesLists }: BodySection): JsonContainer | null {
  return takesLists ? parseJson(body) : JsonObject.parse(body)
}

function eachTyped(
  pairs: readonly Pair[],
  values: readonly string[],
  change: (pair: Pair, json: string) => void,
): void {
  pairs.forEach((pair, i) => {
    const json = typedJson(textOf(values[i] ?? ''), pair.type)
    if (json !== null) change(pair, json)
  })
}

function changeForm(body: Buffer, section: BodySection, names: LuaNames): Buffer {
  const fields = new FormArguments(body.toString('latin1'))
  changeArguments(fields, section, renderSection(section, names))
  if (section.allow !== null) fields.keepOnly(section.allow.namesBytes)
  return Buffer.from(fields.text, 'latin1')
}

/** Kong: rename comes first here, new parts come last, and there is no append. */
function changeMultipart(
  contentType: string,
  body: Buffer,
  section: BodySection,
  names: LuaNames,
): Buffer | null {
  const boundary = boundaryOf(contentType)
  const split =
    body.length === 0
      ? { head: '', pieces: [], tail: `--${boundary ?? ''}--\r\n` }
      : splitMultipart(body.toString('latin1'), contentType)
  if (boundary === undefined || split === null) return null
  const pieces = changedPieces(split.pieces, section, renderSection(section, names), boundary)
  const text = split.head + pieces.map((piece) => piece.text).join('') + split.tail
  return Buffer.from(text, 'latin1')
}

function changedPieces(
  all: readonly Piece[],
  section: BodySection,
  values: Rendered,
  boundary: string,
): readonly Piece[] {
  let pieces = all
  const has = (name: string): boolean => pieces.some((piece) => piece.name === name)
  const without = (name: string): Piece[] => pieces.filter((piece) => piece.name !== name)
  section.rename.forEach(({ name }, i) => {
    const to = textOf(values.rename[i] ?? '')
    if (name === to || !has(name)) return
    const renamed = pieces.filter((piece) => piece.name === name).map((piece) => named(piece, to))
    pieces = [...without(name).filter((piece) => piece.name !== to), ...renamed]
  })
  for (const { name } of section.remove) pieces = without(name)
  section.replace.forEach(({ name }, i) => {
    if (has(name)) pieces = [...without(name), newPiece(name, values.replace[i] ?? '', boundary)]
  })
  section.add.forEach(({ name }, i) => {
    if (!has(name)) pieces = [...pieces, newPiece(name, values.add[i] ?? '', boundary)]
  })
  const { allow } = section
  return allow === null ? pieces : pieces.filter(({ name }) => allow.names.has(name))
}

/** @param value as bytes; one that holds a delimiter would bring parts of its own */
function newPiece(name: string, value: string, boundary: string): Piece {
  if (value.includes(`--${boundary}`)) {
    throw new Error(`the new value of the field ${name} contains the boundary of the form`)
  }
  const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`
  return { name, value, text: `--${boundary}\r\n${disposition}\r\n\r\n${value}\r\n` }
}

const NAME_PARAMETER =
  /^([\s\S]*?content-disposition:[^\r]*?[;\s]name=)("(?:[^"\\]|\\.)*"|[^;\r]*)/i

/** A part keeps what else its head says, such as the name of a file. */
function named(piece: Piece, name: string): Piece {
  const text = piece.text.replace(
    NAME_PARAMETER,
    (_, before: string) => `${before}"${quoted(name)}"`,
  )
  return { ...piece, name, text }
}

/** As browsers write the names of fields (HTML standard, multipart/form-data), as bytes. */
function quoted(name: string): string {
  const safe = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return Buffer.from(safe, 'utf8').toString('latin1')
}
