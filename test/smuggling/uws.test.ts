import { describeSmuggling } from './suite.js'

// Its clock closes a connection after 10 s, and a tick or two.
describeSmuggling('uws', 15_000)
