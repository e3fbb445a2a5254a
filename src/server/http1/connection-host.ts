// What a connection of this engine needs of it.
import type { Sweep } from '../../util/sweep.js'
import type { EngineSettings } from '../settings.js'
import type { Connection } from './connection.js'
import type { RequestParser } from './request-parser.js'

export interface ConnectionHost {
  readonly settings: EngineSettings
  readonly sweep: Sweep
  readonly isDraining: boolean
  pending: number
  borrowParser(): RequestParser
  returnParser(parser: RequestParser): void
  closed(connection: Connection): void
  report(error: unknown, message: string): void
}
