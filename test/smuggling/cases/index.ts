// All cases, class by class.
import type { CaseClass } from '../case.js'
import { chunkEnds, chunkSizes } from './chunks.js'
import { connectionField } from './connection-field.js'
import { oddLengths, twoLengths } from './content-length.js'
import { expectations } from './expectations.js'
import { extensions } from './extensions.js'
import { bounds, names, values } from './fields.js'
import { hiddenBodies } from './hidden-bodies.js'
import { hosts } from './hosts.js'
import { lineEnds } from './line-ends.js'
import { oldClients } from './old-clients.js'
import { pieces, pipelines } from './pipelines.js'
import { requestLines, versions } from './request-line.js'
import { absoluteTargets, targets } from './targets.js'
import { trailerSection } from './trailers.js'
import { codings, lengthAndChunks } from './transfer-encoding.js'
import { upgrades } from './upgrades.js'

export const CLASSES: readonly CaseClass[] = [
  twoLengths,
  oddLengths,
  lengthAndChunks,
  codings,
  hiddenBodies,
  chunkSizes,
  chunkEnds,
  extensions,
  trailerSection,
  lineEnds,
  names,
  values,
  bounds,
  requestLines,
  versions,
  targets,
  absoluteTargets,
  hosts,
  oldClients,
  connectionField,
  upgrades,
  expectations,
  pipelines,
  pieces,
]
