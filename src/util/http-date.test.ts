import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHttpDate } from './http-date.js'

describe('parseHttpDate', () => {
  const cases: readonly (readonly [text: string, iso: string | null])[] = [
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59.000Z'],
    ['Thu, 22 Jun 2017 17:15:21 UTC', '2017-06-22T17:15:21.000Z'],
    ['Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sat, 01 Jan 0050 00:00:00 GMT', '0050-01-01T00:00:00.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
    ['', null],
    ['yesterday', null],
    ['1994-11-06T08:49:37Z', null],
    ['Sunday, 06-Nov-94 08:49:37 GMT', null],
    ['Sun Nov  6 08:49:37 1994', null],
    ['Sun, 6 Nov 1994 08:49:37 GMT', null],
    ['Sun, 06 Nov 1994 08:49:37', null],
    ['Sun, 06 Nov 1994 08:49:37 +0200', null],
    ['Sun, 06 Nov 1994 08:49:37 GMT ', null],
    ['Sun, 06 Foo 1994 08:49:37 GMT', null],
    ['Sun, 31 Nov 1994 08:49:37 GMT', null],
    ['Sun, 00 Nov 1994 08:49:37 GMT', null],
    ['Wed, 29 Feb 2023 00:00:00 GMT', null],
    ['Sun, 06 Nov 1994 24:00:00 GMT', null],
    ['Sun, 06 Nov 1994 08:60:00 GMT', null],
    ['Sun, 06 Nov 1994 08:49:61 GMT', null],
    ['Sun, \u0660\u0666 Nov 1994 08:49:37 GMT', null],
  ]
  for (const [text, iso] of cases) {
    it(`${iso === null ? 'refuses' : 'reads'} ${JSON.stringify(text)}`, () => {
      const time = parseHttpDate(text)
      assert.equal(time === null ? null : new Date(time).toISOString(), iso)
    })
  }
})
