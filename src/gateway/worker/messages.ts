// What the main thread and a worker say to each other. Everything survives the structured clone.
import type { MessagePort } from 'node:worker_threads'
import type { Problem } from '../../errors/config-error.js'
import type { ListenEntry } from '../listen-syntax.js'
import type { ProxyListener } from '../listeners.js'
import type { Settings } from '../settings.js'
import type { ConfigUpdate } from '../update/config-update.js'

/** What a worker is born with. */
export interface WorkerData {
  readonly settings: Settings
  /** From 0. */
  readonly place: number
  /** How many there are, so that a log line can leave out which one. */
  readonly workers: number
  readonly board: SharedArrayBuffer
  readonly counters: SharedArrayBuffer
  readonly buckets: SharedArrayBuffer
  readonly health: SharedArrayBuffer
  /** The line to the store that all workers share, see PluginEnv. */
  readonly store: MessagePort
  readonly storeVersions: SharedArrayBuffer
  /** See PluginEnv. */
  readonly secret: Uint8Array
}

/** How a gateway, or one of its workers, ends: `fast` cuts what is under way, `graceful` waits for it. */
export type StopMode = 'fast' | 'graceful'

/** Each is answered by one Answer, in order; `stop` by the end of the thread. */
export type Order =
  /** Is answered once the plugins are there. */
  | { readonly kind: 'start' }
  /** Makes the next configuration, aside. */
  | { readonly kind: 'prepare'; readonly update: ConfigUpdate }
  /** What was prepared serves from now on. */
  | { readonly kind: 'commit' }
  /** What was prepared is not wanted. */
  | { readonly kind: 'abandon' }
  /** For a plugin's `inquire`. */
  | { readonly kind: 'inquire'; readonly plugin: string; readonly question: unknown }
  | { readonly kind: 'listen'; readonly entries: readonly ListenEntry[] }
  /** Answers close their connections from now on. */
  | { readonly kind: 'drain' }
  /** Takes no new connections. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'stop'; readonly mode: StopMode; readonly timeoutMs: number }

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'listening'; readonly listeners: readonly ProxyListener[] }
  | { readonly kind: 'told'; readonly value: unknown }
  /** Of a file or a plugin. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly message: string }
