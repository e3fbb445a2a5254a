// Directed graphs whose nodes are the numbers from 0: what hangs together in both directions, and the way between two.

export type Successors = (node: number) => Iterable<number>

/**
 * Strongly connected components (Tarjan), without recursion: graphs may be deep.
 * @returns for each node the number of its component
 */
export function componentsOf(size: number, successors: Successors): Int32Array {
  const component = new Int32Array(size).fill(-1)
  const index = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const open: number[] = []
  let visited = 0
  let components = 0

  const enter = (node: number) => {
    index[node] = low[node] = visited++
    open.push(node)
    return { node, rest: successors(node)[Symbol.iterator]() }
  }
  const lower = (node: number, value: number) => {
    low[node] = Math.min(low[node] ?? 0, value)
  }
  const leave = (node: number) => {
    if (low[node] !== index[node]) return
    for (let member = -1; member !== node;) {
      member = open.pop() ?? node
      component[member] = components
    }
    components++
  }

  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue
    const frames = [enter(root)]
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.rest.next()
      if (next.done === true) {
        leave(frame.node)
        frames.pop()
        const below = frames.at(-1)
        if (below !== undefined) lower(below.node, low[frame.node] ?? 0)
      } else if (index[next.value] === -1) frames.push(enter(next.value))
      else if (component[next.value] === -1) lower(frame.node, index[next.value] ?? 0)
    }
  }
  return component
}

/** A shortest way of one step at least, without the node it starts from; null when there is none. */
export function wayBetween(
  starts: Iterable<number>,
  goal: number,
  successors: Successors,
): number[] | null {
  const cameFrom = new Map<number, number | null>()
  let border = [...starts].flatMap((start) => step(start, null))
  function step(node: number, from: number | null): number[] {
    const fresh: number[] = []
    for (const next of successors(node)) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, from)
      fresh.push(next)
    }
    return fresh
  }
  while (border.length > 0 && !cameFrom.has(goal)) {
    border = border.flatMap((node) => step(node, node))
  }
  if (!cameFrom.has(goal)) return null
  const way: number[] = []
  for (let at: number | null = goal; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at)
  return way
}
