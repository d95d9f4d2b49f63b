/** Rules beside one another at what they cost: every threshold's runs, and each rule's best. */
import { improvement } from '../analysis/aggregate'
import { bootstrapMean } from '../analysis/bootstrap'
import { means, type Sample } from '../analysis/samples'
import { generator } from '../random'
import { type AnyName, titleOf } from '../strategies'
import { band, type Figure, faded, type Trace } from './figure'
import { dots, interval, panelsFigure } from './panels'

/** Rules that are told apart by colour, a panel each; each panel has Random too. */
const families: readonly (readonly AnyName[])[] = [
  ['loss', 'loss-gradient', 'loss-gradient-random'],
  ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random'],
  ['bagger', 'bagger-gradient'],
  ['ensembledagger', 'ensembledagger-gradient', 'ensembledagger-full'],
  ['lazydagger', 'lazydagger-gradient'],
  ['thriftydagger', 'thriftydagger-gradient'],
  ['crsail'],
  ['dropoutdagger']
]
const colours = ['#0072b2', '#d55e00', '#009e73']
const kinds = ['the rule', 'with its gradient', 'with chance, or full']
const grey = '#999999'
const tickvals = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]

const ruleOf = ({ protocol }: Sample): AnyName => protocol.strategy

/**
 * Loss against queries, a panel a family of rules and Random in each: lines through a rule's thresholds, banded from the least to
 * the most of their seeds; a large mark for its best, with 95 % intervals of both over other seeds.
 *
 * @param swept samples of one task, a rule's differing in thresholds
 * @param best one sample a rule, or none of some
 * @param levels losses for comparison, as horizontal lines, by what they are of
 */
export function frontCurves(
  title: string,
  swept: readonly Sample[],
  best: readonly Sample[],
  levels: Readonly<Record<string, number>>
): Figure {
  // by Random: what loses much more leaves the figure
  const reference = swept.filter((sample) => ruleOf(sample) === 'random').map((sample) => means(sample).loss)
  const highest = Math.max(...reference, ...Object.values(levels))
  const drawn = (rule: AnyName, kind: string, colour: string, showlegend: boolean): Trace[] => {
    const own = swept.filter((sample) => ruleOf(sample) === rule)
    const look = { name: kind, legendgroup: kind, showlegend: false }
    return [
      ...(own.length > 0 ? curve(rule, own, colour, { ...look, showlegend }) : []),
      ...best.filter((sample) => ruleOf(sample) === rule).map((sample) => point(rule, sample, colour, look))
    ]
  }
  const panels = families.map((family, panel): [string, Trace[]] => [
    titleOf(family[0]),
    [
      ...drawn('random', 'Random', grey, panel === 0),
      ...family.flatMap((rule, i) => drawn(rule, kinds[i], colours[i], panel === 0))
    ]
  ])
  return panelsFigure(title, Object.fromEntries(panels), {
    columns: 4,
    shared: true,
    x: { type: 'log', matches: 'x', tickvals, tickformat: '~s', title: { text: 'queries' } },
    y: { range: [0, 1.1 * highest], title: { text: 'loss' } },
    levels: Object.entries(levels).map(([name, at]) => ({ axis: 'y', at, name })),
    layout: { height: 560, hovermode: 'closest', legend: { orientation: 'h', x: 0, y: -0.16 } }
  })
}

/** A rule's thresholds, by ascending queries: a band over their seeds, and a line through their means. */
function curve(rule: AnyName, swept: readonly Sample[], colour: string, look: object): Trace[] {
  const points = swept
    .map((sample) => ({ ...means(sample), losses: sample.runs.map(({ loss }) => loss), sample }))
    .sort((a, b) => a.queries - b.queries)
  const x = points.map(({ queries }) => queries)
  const [low, high] = [Math.min, Math.max].map((of) => points.map(({ losses }) => of(...losses)))
  return [
    { ...look, ...band(x, low, high, colour, 0.12) },
    {
      ...look,
      x,
      y: points.map(({ loss }) => loss),
      text: points.map(({ sample: { protocol, runs } }) =>
        [
          `<b>${titleOf(rule)}</b>, ${runs.length} seeds`,
          protocol.rate === undefined ? `τ ${protocol.hyperparameters.loss.tau}` : `rate ${protocol.rate}`
        ].join('<br>')
      ),
      hovertemplate: '%{text}<br>queries %{x:.0f}<br>loss %{y:.3f}<extra></extra>',
      mode: 'lines+markers',
      line: { color: colour, width: 1.5 },
      marker: { color: colour, size: 4 }
    }
  ]
}

/** A rule's best, with 95 % intervals. */
function point(rule: AnyName, { protocol, runs }: Sample, colour: string, look: object): Trace {
  const over = (what: 'queries' | 'loss') =>
    bootstrapMean(
      runs.map((run) => run[what]),
      generator(0, 'best', protocol.environment, rule, what)
    )
  const [queries, loss] = [over('queries'), over('loss')]
  return {
    ...look,
    x: [queries.value],
    y: [loss.value],
    error_x: { ...interval([queries]), color: colour },
    error_y: { ...interval([loss]), color: colour },
    hovertemplate: `<b>${titleOf(rule)}</b>, its best, ${runs.length} seeds<br>queries %{x:.0f}<br>loss %{y:.3f}<extra></extra>`,
    mode: 'markers',
    marker: { color: faded(colour, 0.3), size: 10, line: { color: colour, width: 1.5 } }
  }
}

/**
 * How probable it is that a run of each rule loses less than one of another's, by task, and over tasks; with 95 % intervals.
 *
 * @param best one sample a rule, of each task; a rule that some task lacks is left out
 */
export function improvementFigure(
  title: string,
  best: Readonly<Record<string, readonly Sample[]>>,
  over: AnyName
): Figure {
  const losses = (task: string, rule: AnyName) =>
    (best[task].find((sample) => ruleOf(sample) === rule)?.runs ?? []).map(({ loss }) => loss)
  const tasks = Object.keys(best)
  const rules = best[tasks[0]]
    .map(ruleOf)
    .filter((rule) => rule !== over && tasks.every((task) => losses(task, rule).length > 0))
  const panels = tasks.length > 1 ? [...tasks.map((task) => [task]), tasks] : [tasks]
  const estimates = panels.map((of) =>
    rules.map((rule) =>
      improvement(
        of.map((task) => losses(task, rule)),
        of.map((task) => losses(task, over)),
        generator(0, 'improvement', rule, over, ...of)
      )
    )
  )
  const whole = estimates[estimates.length - 1]
  const order = rules.map((_, i) => i).sort((a, b) => whole[a].value - whole[b].value)
  const shown = panels.map((of, panel): [string, Trace[]] => {
    const name = of.length > 1 ? 'both tasks' : `${of[0][0].toUpperCase()}${of[0].slice(1)}`
    return [name, [dots(Object.fromEntries(order.map((i) => [titleOf(rules[i]), estimates[panel][i]])))]]
  })
  return panelsFigure(title, Object.fromEntries(shown), {
    shared: true,
    x: { range: [-0.03, 1.03], title: { text: 'probability' } },
    levels: [{ axis: 'x', at: 0.5 }],
    layout: { height: 140 + 24 * rules.length }
  })
}
