import * as v from 'valibot'
import { relatedNames, type StrategyName, strategyNames, titleOf } from '../strategies'
import { isList, kindOf, mapValues } from '../util/json'
import { a, check, listOf, object, part, plain, text } from '../util/schema'
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
const palette = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#000000', '#999999', '#b8a900']
/** The colour of targets. */
export const crimson = '#d6336c'

/** The colour of text and axes: legible on white paper and on a dark page. */
export const ink = '#6f6f6f'
/** The colour of lines that only give a context, on either. */
export const contextGrey = 'rgba(128, 128, 128, 0.35)'
const transparent = 'rgba(0, 0, 0, 0)'

const axisLines = { gridcolor: 'rgba(128, 128, 128, 0.2)', linecolor: ink, ticks: 'outside', tickcolor: ink }
const axis = { ...axisLines, zeroline: false, title: { standoff: 8, font: { size: 13 } }, automargin: true }

const pad = { l: 12, t: 20 }
const corner = { x: 0, y: 1, xref: 'container', yref: 'container', xanchor: 'left', yanchor: 'top', pad }

/** The look that all figures share. The tool bar stands upright, right of the titles. */
const template: Layout = {
  layout: {
    font: { family: 'Helvetica, Arial, sans-serif', size: 13, color: ink },
    colorway: palette,
    paper_bgcolor: transparent,
    plot_bgcolor: transparent,
    xaxis: axis,
    yaxis: axis,
    margin: { l: 60, r: 40, t: 50, b: 50 },
    modebar: { orientation: 'v', bgcolor: transparent },
    title: { ...corner, font: { size: 17, weight: 'bold' }, subtitle: { font: { size: 13, weight: 'normal' } } },
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
  return mapValues(Object(value), (one, key) => asJson(one, `${name}.${key}`, depth + 1))
}

/** Returns a figure with a line of text below its title, and below the subtitle that it has; narrow pages too have its wide layout then. */
export function withSubtitle({ layout, ...rest }: Figure, text: string): Figure {
  const title = Object(layout.title)
  const lines = [title.subtitle?.text, text].filter(Boolean).join(' ')
  const meta = layout.meta && { ...Object(layout.meta), narrow: undefined }
  return { ...rest, layout: { ...layout, meta, title: { ...title, subtitle: { ...title.subtitle, text: lines } } } }
}

/** Returns the words of a figure's title, without marks and breaks of lines. */
export const plainTitle = ({ layout }: Figure): string =>
  String(Object(layout.title).text ?? 'untitled').replace(/<br>|<[^>]*>/g, (tag) => (tag === '<br>' ? ' ' : ''))

/** Words of a figure: its title says what is to be seen, its subtitle of what data, and what the marks mean. */
export type Words = v.InferOutput<typeof wordsSchema>
const wordsSchema = object({ title: text, subtitle: v.optional(text) })

/**
 * Makes a figure under its words.
 *
 * @param narrow changes to the layout where a page is narrow, which merges `layout.meta.narrow` into it
 */
export function worded(words: string | Words, data: readonly Trace[], layout: Layout, narrow: Layout): Figure {
  const said = typeof words === 'string' ? { title: words } : words
  check(wordsSchema, 'title', said)
  return figure(data, { ...titled(said, 90), meta: { narrow: { ...titled(said, 40), ...narrow } }, ...layout })
}

/** Returns a title at the left with its subtitle below, and room for both, in lines of so many characters. */
function titled({ title, subtitle = '' }: Words, width: number): Layout {
  const [above, below] = [wrapped(title, width), wrapped(subtitle, 1.5 * width)]
  const rows = (lines: string) => (lines ? lines.split('<br>').length : 0)
  const margin = { l: 60, r: 40, t: 54 + 20 * rows(above) + 18 * rows(below), b: 55 }
  return { title: { text: above, subtitle: { text: below } }, margin }
}

/** Breaks a text into lines of so many characters at most, at spaces. */
export const wrapped = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${Math.floor(width)}})( +|$)`, 'g'), (_, words, space) => words + (space && '<br>'))

/** Returns a colour `#rrggbb` with an opacity from 0 to 1, as `rgba(…)`. */
export function withOpacity(colour: string, opacity: number): string {
  if (!/^#[\da-f]{6}$/i.test(colour)) throw new RangeError(`there is no colour ${colour} here: write it as #rrggbb`)
  return `rgba(${[1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)).join(', ')}, ${opacity})`
}

/** A strategy's look: its family gives the colour, its place in the family the dash and the symbol. */
type Look = { readonly color: string; readonly dash: string; readonly symbol: string; readonly width: number }

/** The colours of the baselines, SafeDAgger's family and Loss's; lighter in grey than the next; lines are legible on a dark page too. */
const colours = ['#2ba67f', '#c2570d', '#1060a6']
const dashes = ['dot', 'solid', 'dash']
const symbols = ['circle', 'diamond', 'square']
const lookAt = (color: string, i: number, width = 2): Look => ({ color, dash: dashes[i], symbol: symbols[i], width })

/** The look of each of the paper's strategies, the same in every figure: Table 2 lists three of each family. RadGrad is the strongest. */
export const strategyLooks = Object.fromEntries(
  strategyNames.map((name, i) => [name, lookAt(colours[Math.floor(i / 3)], i % 3, name === 'loss-gradient' ? 4 : 2)])
) as Readonly<Record<StrategyName, Look>>

const ownColours = ['#8a4fbf', '#c2408f', '#7a5230', '#0f7f8a']

/** Returns the look of any strategy: the related ones share a colour; one of your own has a look by its letters, the same in every figure. */
export function lookOf(strategy: string): Look {
  const letters = [...strategy].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const related = lookAt('#7d6f12', /-gradient$/.test(strategy) ? 1 : /-full$/.test(strategy) ? 2 : 0)
  const other = relatedNames.some((name) => name === strategy) ? related : lookAt(ownColours[letters % 4], letters % 3)
  return strategyLooks[strategy as StrategyName] ?? other
}

/** Returns a strategy's title as it stands beside a point: `RadGrad` for `Loss Gradient (RadGrad)`. */
export const shortTitle = (strategy: string): string => titleOf(strategy).replace(/.*\((.*)\)/, '$1')

/** Returns a strategy's short title, in its colour. */
export const nameOf = (strategy: string) => ({ text: shortTitle(strategy), color: lookOf(strategy).color })

/** Returns a word with a capital. */
export const capitalized = (word: string): string => `${word[0].toUpperCase()}${word.slice(1)}`
