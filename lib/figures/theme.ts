import * as v from 'valibot'
import type { StrategyName } from '../strategies'
import { isList, kindOf } from '../util/json'
import { a, check, listOf, object, part, plain } from '../util/schema'
import { traceSchema } from './trace-schema'

/** A figure as plain data, as `Plotly.newPlot` and the notebook take it. */
export interface Figure {
  readonly data: readonly Trace[]
  readonly layout: Layout
  /** An animation shows these one after the other. */
  readonly frames?: readonly Readonly<Record<string, unknown>>[]
}

/** A trace in Plotly's terms. */
export type Trace = Readonly<Record<string, unknown>>
/** A layout, or a part of one, in Plotly's terms. */
export type Layout = Readonly<Record<string, unknown>>

/** Okabe and Ito's colours, which colour-blind readers tell apart, with grey and olive in place of their yellow. */
export const palette = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  vermilion: '#d55e00',
  purple: '#cc79a7',
  skyBlue: '#56b4e9',
  black: '#000000',
  grey: '#999999',
  olive: '#b8a900'
} as const

/** The colour of text and axes. */
export const ink = '#333333'
/** The colour of lines that other lines are read against. */
export const referenceGrey = '#777777'

const axisLines = { gridcolor: '#e8e8e8', linecolor: ink, ticks: 'outside', tickcolor: ink, zeroline: false }
const axis = { ...axisLines, title: { standoff: 8 }, automargin: true }

/** The look that all figures share. */
const template: Layout = {
  layout: {
    font: { family: 'Helvetica, Arial, sans-serif', size: 13, color: ink },
    colorway: Object.values(palette),
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    xaxis: axis,
    yaxis: axis,
    margin: { l: 60, r: 20, t: 50, b: 50 },
    hoverlabel: { align: 'left' },
    legend: { orientation: 'h', x: 0, y: -0.22 }
  }
}

/** Makes a figure of Plotly's traces and layout, in the look that all figures share. */
export function figure(data: readonly Trace[], layout: Layout): Figure {
  check(object({ data: a('a list', isList), layout: plain }), 'figure', { data, layout })
  return { data, layout: { template, ...layout } }
}

/**
 * Returns a figure as the JSON that Plotly draws: typed arrays as lists, and titles that are strings as `{ text }`.
 *
 * @throws TypeError for what JSON drops or Plotly ignores, either of which would leave a plot empty without a word
 */
export function drawable(figure: Figure): Figure {
  const drawn = asJson(figure, 'figure')
  check(figureSchema, 'figure', drawn)
  return drawn as Figure
}

const data = listOf(traceSchema)
const parts = v.optional(listOf(plain))
const layout = part({ annotations: parts, shapes: parts, images: parts })
const figureSchema = part({ data, layout, frames: v.optional(listOf(part({ data: v.optional(data) }))) })

/** Classes whose values JSON keeps. */
const kept = /^(null|undefined|Number|String|Boolean|Date|[Oo]bject)$/

/** @param name of the value, for errors: `figure.data.x` */
function asJson(value: unknown, name: string, depth = 0): unknown {
  if (depth > 30) throw new TypeError(`${name} is not drawn: it contains itself`)
  const kind = kindOf(value)
  // a title is text, or { text, font } whose text may be a number
  const title = /\.(customdata|meta)\./.test(name) ? undefined : /title(\.text)?$/.exec(name)
  const odd =
    title && !(title[1] ? /^(null|undefined|Number|String)$/ : /^(null|undefined|String|[Oo]bject)$/).test(kind)
  if (odd || !(isList(value) || kept.test(kind)) || /\.title(font|offset|position|side)$/.test(name))
    throw new TypeError(`${name} (${kind}) is not drawn: Plotly takes lists of numbers and titles as { text, font }`)
  if (isList(value)) return Array.from(value, (one) => asJson(one, name, depth + 1))
  if (kind === 'String' && title && !title[1]) return { text: value }
  if (!/object/i.test(kind)) return value
  const entry = ([key, one]: [string, unknown]) => [key, asJson(one, `${name}.${key}`, depth + 1)]
  return Object.fromEntries(Object.entries(value as object).map(entry))
}

/** Returns a figure with a line of text below its title. */
export const withSubtitle = ({ layout, ...rest }: Figure, text: string): Figure => ({
  ...rest,
  layout: { ...layout, title: { ...(layout.title as object), subtitle: { text } } }
})

/** Returns a colour `#rrggbb` with an opacity from 0 to 1, as `rgba(…)`. */
export function withOpacity(colour: string, opacity: number): string {
  if (!/^#[\da-f]{6}$/i.test(colour)) throw new RangeError(`there is no colour ${colour} here: write it as #rrggbb`)
  return `rgba(${[1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)).join(', ')}, ${opacity})`
}

/** The colour of each of the paper's strategies, the same in every figure. */
export const strategyColours: Readonly<Record<StrategyName, string>> = {
  dagger: palette.blue,
  random: palette.orange,
  supervised: palette.green,
  safedagger: palette.vermilion,
  'safedagger-gradient': palette.purple,
  'safedagger-gradient-random': palette.skyBlue,
  loss: palette.black,
  'loss-gradient': palette.grey,
  'loss-gradient-random': palette.olive
}

/** Returns a strategy's marker: larger where another strategy, drawn later, may hide it because it queries as often. */
export const strategyMarker = (strategy: StrategyName, size: number): Layout =>
  strategy === 'supervised' || strategy === 'safedagger' ? { symbol: 'diamond', size: 1.7 * size } : { size }
