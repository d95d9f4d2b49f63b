/** A figure as plain data: what `Plotly.newPlot` and the notebook take. */
export interface Figure {
  readonly data: readonly Trace[]
  readonly layout: Layout
  /** What an animation shows one after the other. */
  readonly frames?: readonly Readonly<Record<string, unknown>>[]
}

export type Trace = Readonly<Record<string, unknown>>
export type Layout = Readonly<Record<string, unknown>>

const ink = '#333333'
const axis = {
  gridcolor: '#e8e8e8',
  linecolor: ink,
  ticks: 'outside',
  tickcolor: ink,
  zeroline: false,
  title: { standoff: 8 },
  automargin: true
}

/** The one look of all figures; the colours are Okabe and Ito's, told apart by colour-blind readers too. */
export const template: Layout = {
  layout: {
    font: { family: 'Helvetica, Arial, sans-serif', size: 13, color: ink },
    colorway: ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#000000', '#999999', '#b8a900'],
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    xaxis: axis,
    yaxis: axis,
    margin: { l: 60, r: 20, t: 50, b: 50 },
    hoverlabel: { align: 'left' },
    legend: { orientation: 'h', x: 0, y: -0.22 }
  }
}

/** A figure in that look. */
export const figure = (data: readonly Trace[], layout: Layout): Figure => ({ data, layout: { template, ...layout } })

/** A figure with a line below its title. */
export const withSubtitle = ({ layout, ...rest }: Figure, text: string): Figure => ({
  ...rest,
  layout: { ...layout, title: { ...(layout.title as object), subtitle: { text } } }
})

/** A colour of the template, `#rrggbb`, made transparent. */
export const faded = (colour: string, opacity: number): string =>
  `rgba(${[1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)).join(', ')}, ${opacity})`

/** A band between two lines over the same x, in a colour of the template made transparent; it has no legend and no hover. */
export const band = (
  x: readonly number[],
  low: readonly number[],
  high: readonly number[],
  colour: string,
  opacity: number
): Trace => ({
  showlegend: false,
  hoverinfo: 'skip',
  x: [...x, ...[...x].reverse()],
  y: [...high, ...[...low].reverse()],
  fill: 'toself',
  fillcolor: faded(colour, opacity),
  line: { width: 0 },
  mode: 'lines'
})
