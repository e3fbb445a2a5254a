// What the floors above use of the fixers. Loaded only when something is to be fixed: the parser behind it takes time.
export { fixDocument } from './fix-document.js'
export type { FixedDocument } from './fix-document.js'
export type { Fix } from './fix.js'
