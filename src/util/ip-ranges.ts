// Sets of addresses and CIDR ranges. Addresses become hex digits of one length, so that text compares as the numbers do;
// ranges are sorted and joined at load, and a look-up is a binary search, however long the list.
import { isIP } from 'node:net'

/** Both ends belong to the range. */
interface Range {
  readonly first: string
  readonly last: string
}

export class IpRanges {
  readonly #ipv4: RangeList
  readonly #ipv6: RangeList

  /** @param entries addresses and CIDR ranges; bits behind the prefix do not count. Throws TypeError for anything else */
  constructor(entries: readonly string[]) {
    const ranges = entries.map(rangeOf)
    this.#ipv4 = new RangeList(ranges.filter(({ first }) => first.length === 8))
    this.#ipv6 = new RangeList(ranges.filter(({ first }) => first.length === 32))
  }

  /** False for what is no address. Families are kept apart: an IPv4 address is in no range of IPv6 (Kong: ipmatcher). */
  has(address: string): boolean {
    const digits = addressDigits(address)
    if (digits === null) return false
    return digits.length === 8 ? this.#ipv4.has(digits) : this.#ipv6.has(digits)
  }
}

/** Ranges of one family. */
class RangeList {
  readonly #firsts: readonly string[]
  readonly #lasts: readonly string[]

  constructor(ranges: readonly Range[]) {
    const joined: { first: string; last: string }[] = []
    for (const { first, last } of [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1))) {
      const before = joined.at(-1)
      if (before === undefined || before.last < first) joined.push({ first, last })
      else if (before.last < last) before.last = last
    }
    this.#firsts = joined.map(({ first }) => first)
    this.#lasts = joined.map(({ last }) => last)
  }

  has(digits: string): boolean {
    // The ranges before `low` begin at or before the address; only the last of them can hold it.
    let low = 0
    let high = this.#firsts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#firsts[middle] ?? '') <= digits) low = middle + 1
      else high = middle
    }
    return low > 0 && digits <= (this.#lasts[low - 1] ?? '')
  }
}

function rangeOf(entry: string): Range {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const digits = addressDigits(address) ?? ''
  const bits = prefix === undefined ? digits.length * 4 : Number(prefix)
  if (digits === '' || bits > digits.length * 4) {
    throw new TypeError(`not an address or CIDR range: '${entry}'`)
  }
  return { first: bounded(digits, bits, 0x0), last: bounded(digits, bits, 0xf) }
}

/** The first bits of an address, and behind them those of `fill` over and over. */
function bounded(digits: string, bits: number, fill: number): string {
  const whole = bits >>> 2
  if (whole === digits.length) return digits
  const free = 0xf >>> (bits & 3)
  const mixed = (parseInt(digits.charAt(whole), 16) & ~free) | (fill & free)
  return (digits.slice(0, whole) + mixed.toString(16)).padEnd(digits.length, fill.toString(16))
}

/** An address as hex digits: 8 for IPv4, 32 for IPv6 (without its zone); null for what is no address. */
function addressDigits(address: string): string | null {
  switch (isIP(address)) {
    case 4:
      return ipv4Digits(address)
    case 6:
      return ipv6Digits(address)
    default:
      return null
  }
}

function ipv4Digits(address: string): string {
  let digits = ''
  for (const byte of address.split('.')) digits += Number(byte).toString(16).padStart(2, '0')
  return digits
}

function ipv6Digits(address: string): string {
  const zone = address.indexOf('%')
  const [head = '', tail = ''] = (zone < 0 ? address : address.slice(0, zone)).split('::')
  const front = groupsOf(head)
  // `::` stands for the zeros in the middle; without it there is nothing to fill.
  return front + groupsOf(tail).padStart(32 - front.length, '0')
}

function groupsOf(text: string): string {
  if (text === '') return ''
  let digits = ''
  for (const group of text.split(':')) {
    digits += group.includes('.') ? ipv4Digits(group) : group.padStart(4, '0')
  }
  return digits.toLowerCase()
}
