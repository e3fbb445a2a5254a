import { describeSmuggling } from './suite.js'

describeSmuggling('http1', 5000)
