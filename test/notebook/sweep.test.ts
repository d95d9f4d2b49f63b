import { expect, test } from 'vitest'
import { sweep } from '../../lib/notebook/sweep'

test.each([[0.02], ['warm'], [undefined]])(
  'a setting %j of a sweep, which is no list, is refused with its path',
  async (value) => {
    await expect(sweep('reacher', 'safedagger', { set: { 'safety.tau': value } as never })).rejects.toThrow(
      new TypeError(`set: safety.tau: give a list of values, not ${value}`)
    )
  }
)
