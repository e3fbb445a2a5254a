// The body of the request to the target: forms, JSON objects and multipart forms, changed by the names of their fields.
import {
  boundaryOf,
  FormArguments,
  JsonObject,
  jsonOf,
  splitMultipart,
  textOf,
  type BodyKind,
  type LuaNames,
  type Piece,
} from 'gw/plugin'
import type { Section } from './plan.js'
import { changeArguments, renderSection, type Rendered } from './sections.js'

/** Kong: the type may stand anywhere in the header. */
export function kindWithin(contentType: string | undefined): BodyKind | null {
  const type = contentType?.toLowerCase() ?? ''
  if (type.includes('application/json')) return 'json'
  if (type.includes('multipart/form-data')) return 'multipart'
  return type.includes('application/x-www-form-urlencoded') ? 'form' : null
}

/** The new body; null when it stays as it is, be it that it is not what its type says. */
export function changeBody(
  kind: BodyKind,
  contentType: string,
  body: Buffer,
  section: Section,
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
function changeJson(body: Buffer, section: Section, names: LuaNames): Buffer | null {
  const fields = body.length === 0 ? new JsonObject() : JsonObject.parse(body)
  if (fields === null) return null
  const values = renderSection(section, names)
  for (const { name } of section.remove) fields.remove(name)
  section.rename.forEach(({ name }, i) => {
    if (fields.hasValue(name)) fields.rename(name, textOf(values.rename[i] ?? ''))
  })
  section.replace.forEach(({ name }, i) => {
    if (fields.hasValue(name)) fields.set(name, jsonOf(textOf(values.replace[i] ?? '')))
  })
  section.add.forEach(({ name }, i) => {
    if (!fields.hasValue(name)) fields.set(name, jsonOf(textOf(values.add[i] ?? '')))
  })
  section.append.forEach(({ name }, i) => {
    fields.append(name, jsonOf(textOf(values.append[i] ?? '')))
  })
  return fields.toBuffer()
}

function changeForm(body: Buffer, section: Section, names: LuaNames): Buffer {
  const fields = new FormArguments(body.toString('latin1'))
  changeArguments(fields, section, renderSection(section, names))
  return Buffer.from(fields.text, 'latin1')
}

/** Kong: rename comes first here, new parts come last, and there is no append. */
function changeMultipart(
  contentType: string,
  body: Buffer,
  section: Section,
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
  section: Section,
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
  return pieces
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
