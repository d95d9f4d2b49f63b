import { type Estimate, formatEstimate } from '../analysis/bootstrap'
import type { ClaimResult, Verdict } from '../analysis/claims'
import { paperEnvironments } from '../environments'
import { hover } from './marks'
import { panelsFigure } from './panels'
import type { Groups } from './rows'
import { capitalized, type Figure, ink, type Layout, type Trace, wrapped } from './theme'

/** The looks of verdicts, told apart by shape as well as by colour. */
const looks: Readonly<Record<Verdict, Layout>> = {
  supported: { symbol: 'circle', color: '#7a4fa0' },
  contradicted: { symbol: 'x', color: '#c98a00' },
  undecided: { symbol: 'circle-open', color: ink }
}
const verdicts = Object.keys(looks) as Verdict[]
const numberOf = (estimate: Estimate) => formatEstimate(estimate, Math.abs(estimate.value) < 100 ? 2 : 0)

/**
 * Plots the verdicts on the paper's claims as a matrix of symbols, a column for each expert. Its title is their tally.
 *
 * @param byExpert verdicts on the same claims, by whose experts they are of
 */
export function claimsFigure(byExpert: Groups<readonly ClaimResult[]>): Figure {
  const experts = Object.keys(byExpert)
  const listed = byExpert[experts[0]]
  const rows = paperEnvironments.flatMap((task) => [
    { name: `<b>${capitalized(task)}</b>`, claim: -1 },
    ...listed.flatMap(({ claim, environment }, i) => (environment === task ? [{ name: claim, claim: i }] : []))
  ])
  const traces = verdicts.map((name): Trace => {
    const found = rows.flatMap(({ claim }, y) =>
      experts.map((expert, x) => ({ x, y, ...byExpert[expert][claim] })).filter(({ verdict }) => verdict === name)
    )
    const text = found.map(({ decisive: { what, estimate } }) => `${what}: ${numberOf(estimate)}`)
    const marker = { size: 13, line: { width: 2, color: looks[name].color }, ...looks[name] }
    const places = { x: found.map(({ x }) => x), y: found.map(({ y }) => y), text }
    return { ...places, name, mode: 'markers', marker, hovertemplate: hover(`<b>${name}</b>`, '%{text}') }
  })
  const tally = experts.map((expert) => {
    const count = (verdict: Verdict) => byExpert[expert].filter((one) => one.verdict === verdict).length
    return `${verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(', ')} with ${expert}`
  })
  const title = `Of the paper’s ${listed.length} claims: ${tally.join('; ')}`
  const [columns, lines] = [experts, rows].map((all) => ({ tickvals: [...all.keys()], ticks: '' }))
  const across = { range: [-0.5, experts.length - 0.5], side: 'top', tickangle: 0, showgrid: false }
  const words = { title, subtitle: 'By 95 % intervals over seeds.' }
  const panels = { '': traces }
  return panelsFigure(words, panels, {
    x: { ...columns, ...across, ticktext: experts.map((expert) => wrapped(expert, 12)) },
    y: { ...lines, range: [rows.length - 0.5, -0.5], ticktext: rows.map(({ name }) => wrapped(name, 36)) },
    layout: { height: 180 + 40 * rows.length, legend: { x: 0, xref: 'container', y: 0, yref: 'container' } }
  })
}
