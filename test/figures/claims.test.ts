import { describe, expect, test } from 'vitest'
import { claims, evaluateClaim, type Verdict } from '../../lib/analysis/claims'
import { claimsFigure } from '../../lib/figures/claims'
import { scattered } from '../analysis/seed-results'
import { expectSnapshot } from './snapshot'

const verdictsOf = (seeds: number[]) =>
  claims.map((claim) =>
    evaluateClaim(
      claim,
      seeds.map((seed) => scattered(seed, 5))
    )
  )
const byExpert = { ours: verdictsOf([1, 2, 3, 4, 5]), theirs: verdictsOf([6, 7, 8, 9]) }
const figure = claimsFigure(byExpert)

interface Drawn {
  name: Verdict
  x: number[]
  y: number[]
  text: string[]
  marker: { symbol: string; color: string }
}
const traces = figure.data as unknown as Drawn[]
const { ticktext } = (figure.layout as { yaxis: { ticktext: string[] } }).yaxis

describe('the matrix of the claims', () => {
  test('each claim has a row under its task, with the symbol of its verdict by each expert', () => {
    const marks = traces.flatMap(({ name, x, y }) => x.map((_, i) => ({ name, x: x[i], y: y[i] })))
    expect(marks).toHaveLength(2 * claims.length)
    const hopper = ticktext.indexOf('<b>Hopper</b>')
    expect(ticktext.indexOf('<b>Reacher</b>')).toBe(0)
    claims.forEach(({ claim, environment }, i) => {
      const rows = ticktext.flatMap((text, row) => (text.replaceAll('<br>', ' ') === claim ? [row] : []))
      const [row] = rows.filter((one) => one > hopper === (environment === 'hopper'))
      const found = marks.filter(({ y }) => y === row).sort((a, b) => a.x - b.x)
      expect(found.map(({ name }) => name)).toEqual([byExpert.ours[i].verdict, byExpert.theirs[i].verdict])
    })
  })

  test('verdicts differ in shape as in colour, and the text of each gives the number that decides', () => {
    for (const look of ['symbol', 'color'] as const)
      expect(new Set(traces.map(({ marker }) => marker[look])).size).toBe(3)
    const texts = traces.flatMap(({ text }) => text)
    for (const { decisive } of [...byExpert.ours, ...byExpert.theirs])
      expect(
        texts.some((text) =>
          text.startsWith(
            `${decisive.what}: ${decisive.estimate.value.toFixed(Math.abs(decisive.estimate.value) < 100 ? 2 : 0)} (`
          )
        )
      ).toBe(true)
  })

  test('the title is the tally', () => {
    const tally = (expert: keyof typeof byExpert) =>
      ['supported', 'contradicted', 'undecided'].map(
        (word) => `${byExpert[expert].filter(({ verdict }) => verdict === word).length} ${word}`
      )
    expect(new Set(byExpert.ours.map(({ verdict }) => verdict)).size).toBeGreaterThan(1)
    expect((figure.layout.title as { text: string }).text.replaceAll('<br>', ' ')).toBe(
      `Of the paper’s 19 claims: ${tally('ours').join(', ')} with ours; ${tally('theirs').join(', ')} with theirs`
    )
  })

  test('the matrix of made-up results equals its snapshot', async () => {
    await expectSnapshot(figure, 'claims')
  })
})
