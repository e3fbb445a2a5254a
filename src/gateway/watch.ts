// Notices that a file has new content, by looking every so often. Notifications of the system miss what Kubernetes does
// to a ConfigMap (a link to a folder of links is turned round), what editors do, and what happens on network drives.
import { stat } from 'node:fs/promises'

export interface WatchOptions {
  readonly intervalMs: number
  /** How the file looks; null while it is not there. Tests hand in their own. */
  readonly look?: (path: string) => Promise<string | null>
}

export interface Watch {
  close(): void
}

/**
 * Calls once for each change, when the file has looked the same twice in a row: nobody writes it any more. A file that
 * goes away and comes back as it was has not changed. What `onChange` throws is the caller's to catch.
 */
export function watchFile(
  path: string,
  onChange: () => void,
  { intervalMs, look = lookAt }: WatchOptions,
): Watch {
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  /** What was reported, or was there at the start. */
  let known: string | null | undefined
  let last: string | null = null

  const step = async (): Promise<void> => {
    const now = await look(path)
    if (isClosed) return
    if (known === undefined) known = now
    else if (now !== null && now === last && now !== known) {
      known = now
      onChange()
    }
    last = now
    timer = setTimeout(() => void step(), intervalMs)
    timer.unref()
  }
  void step()
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** Through links. Change time sees what keeps modification time and size, such as a `mv` of an older file. */
async function lookAt(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch {
    return null // away for a moment, or not to be read: the next look tells
  }
}
