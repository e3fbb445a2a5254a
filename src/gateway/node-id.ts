// What tells this node from others, for as long as it runs.
import { randomUUID } from 'node:crypto'

export const NODE_ID: string = randomUUID()
