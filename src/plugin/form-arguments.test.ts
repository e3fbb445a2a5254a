import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FormArguments } from './form-arguments.js'

function changed(text: string, change: (args: FormArguments) => void): string {
  const args = new FormArguments(text)
  change(args)
  return args.text
}

describe('arguments of a form', () => {
  it('are written as Kong writes them', () => {
    const cases: Readonly<Record<string, string>> = {
      '': '',
      'a=1&a=2&b': 'a=1&a=2&b',
      'a=1&b=2&a=3': 'a=1&a=3&b=2',
      'q=&q': 'q=&q',
      'z=%20%26+x': 'z=%20%26%20x',
      'x[]=1&x%5B%5D=2': 'x%5B%5D=1&x%5B%5D=2',
      '%zz=1': '%25zz=1',
      '=v&&a=1': 'a=1',
      'a=$,/:;?@': 'a=%24%2C%2F%3A%3B%3F%40',
      "a=-_.~!'()*": "a=-_.~!'()*",
    }
    for (const [text, expected] of Object.entries(cases)) {
      assert.equal(new FormArguments(text).text, expected)
    }
  })

  it('keep bytes that are no UTF-8', () => {
    assert.equal(new FormArguments('a=%E4&b=\xe4').text, 'a=%E4&b=%E4')
  })

  it('are sorted by what is written, those of one name together', () => {
    const args = new FormArguments('q=&q&b&a=2&q1=1&a=1')
    assert.equal(args.sortedText, 'a=2&a=1&b&q1=1&q=&q')
  })

  it('are renamed over what has the new name', () => {
    assert.equal(
      changed('a=1&b=2&a=3', (args) => {
        args.rename('a', 'b')
      }),
      'b=1&b=3',
    )
    assert.equal(
      changed('a=1', (args) => {
        args.rename('none', 'a')
      }),
      'a=1',
    )
  })

  it('get one more value, in place of none at all', () => {
    const append = (args: FormArguments): void => {
      args.appendText('a', 'x y')
    }
    assert.equal(changed('a=1', append), 'a=1&a=x%20y')
    assert.equal(changed('a', append), 'a=x%20y')
    assert.equal(changed('b', append), 'b&a=x%20y')
  })

  it('take names that objects have for names like others', () => {
    assert.equal(new FormArguments('__proto__=1&constructor=2').getAll('toString').length, 0)
  })
})
