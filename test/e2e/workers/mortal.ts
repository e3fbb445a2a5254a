// A plugin by which a test ends, blocks or fills the worker that it runs in.
import { getHeapStatistics } from 'node:v8'
import { resourceLimits } from 'node:worker_threads'
import { definePlugin } from 'gw/plugin'

const hoard: string[] = []

function heapUse(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics()
  return (
    used_heap_size / (heap_size_limit - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20)
  )
}

export default definePlugin({
  name: 'mortal',
  version: '1.0.0',
  priority: 60,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: { deed: { type: 'string', enum: ['exit', 'block', 'hoard', 'throw-later'] } },
  },
  access(_ctx, { deed }) {
    switch (deed) {
      case 'exit':
        process.exit(7)
        break
      case 'block':
        for (;;);
      case 'hoard':
        while (heapUse() < 0.93) {
          // Text that V8 has to keep in its heap.
          for (let i = 0; i < 1_000; i++) hoard.push([i, hoard.length].join(' '.repeat(100)))
        }
        break
      case 'throw-later':
        setTimeout(() => {
          throw new Error('nobody catches this')
        })
        break
      case undefined:
        break
    }
    return undefined
  },
})
