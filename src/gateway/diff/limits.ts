// How much a comparison may take: files may be of any size, and hold any pattern.

export interface Limits {
  /** For what the files' own regular expressions may do with the examples. */
  readonly milliseconds: number
  /** Examples of requests in all. */
  readonly questions: number
  /** Plugins looked up for consumers on routes, of which there may be millions. */
  readonly looks: number
}

/** 1,000 routes of everyday take a tenth of this, and less than a second. */
export const LIMITS: Limits = { milliseconds: 5_000, questions: 200_000, looks: 1_000_000 }
