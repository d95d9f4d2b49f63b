/** Films of episodes: as an animation, and as a strip of poses for where nothing moves. */
import type { Film } from '../experiments/film'
import { type Figure, figure, type Trace } from './figure'

/** Frames of an animation, at most; longer films leave steps out. */
const mostFrames = 125
/** Milliseconds that a frame is shown. */
const pace = 40
const poses = 7
const colours = ['#0072b2', '#009e73', '#cc79a7', '#e69f00']
const target = '#d55e00'
const asking = ['#d55e00', '#000000', '#56b4e9']

/** The films side by side, to play, to scrub and to slow down; below them the steps in which the expert would be asked, and why. */
export function animation(title: string, films: readonly Film[]): Figure {
  const steps = Math.max(...films.map(({ places }) => places.length)) - 1
  const stride = Math.ceil(steps / mostFrames)
  const shown = [...Array.from({ length: Math.ceil(steps / stride) }, (_, k) => k * stride), steps]
  const rows = films.flatMap(rowsOf)
  const far = reach(films)
  const moving = (step: number): Trace[] => [
    ...films.flatMap((film, f) => scene(film, f, step, far)),
    cursor(step, rows.length)
  ]
  const duration = (slower: number) => ({
    frame: { duration: slower * pace, redraw: false },
    transition: { duration: 0 }
  })
  const jump = { ...duration(0), mode: 'immediate' }
  const button = (label: string, args: unknown[]) => ({ label, method: 'animate', args })
  const still = moving(0)
  return {
    ...figure([...still, ...rows.map(marks)], {
      title: { text: title },
      height: 520,
      margin: { l: 150, r: 20, t: 70, b: 110 },
      showlegend: false,
      annotations: films.map((film, f) => caption(film, (f + 0.5) / films.length, 1)),
      ...Object.fromEntries(
        films.flatMap((film, f) => axes(film, f, far, { x: [f, f + 0.96].map((x) => x / films.length), y: [0.3, 1] }))
      ),
      xaxis99: { domain: [0, 1], anchor: 'y99', range: [0, steps], title: { text: 'step' } },
      yaxis99: {
        ...{
          domain: [0, 0.16],
          anchor: 'x99',
          range: [-0.5, Math.max(rows.length, 1) - 0.5],
          fixedrange: true,
          showgrid: false
        },
        tickvals: rows.map((_, r) => r),
        ticktext: rows.map((row) => row.title)
      },
      updatemenus: [
        {
          ...{ type: 'buttons', direction: 'right', x: 0, xanchor: 'left', y: -0.2, yanchor: 'top', showactive: false },
          buttons: [
            button('▶ play', [null, { ...duration(1), fromcurrent: true, mode: 'immediate' }]),
            button('slow', [null, { ...duration(4), fromcurrent: true, mode: 'immediate' }]),
            button('fast', [null, { ...duration(0.4), fromcurrent: true, mode: 'immediate' }]),
            button('❚❚ pause', [[null], jump])
          ]
        }
      ],
      sliders: [
        {
          ...{
            x: 0.38,
            len: 0.62,
            y: -0.19,
            pad: { t: 0 },
            currentvalue: { visible: false },
            ticklen: 0,
            minorticklen: 0
          },
          steps: shown.map((step) => ({ label: '', method: 'animate', args: [[String(step)], jump] }))
        }
      ]
    }),
    frames: shown.map((step) => ({ name: String(step), data: moving(step), traces: still.map((_, i) => i) }))
  }
}

/** Poses of each film, from its first step to its last. */
export function strip(title: string, films: readonly Film[]): Figure {
  const far = reach(films)
  const wide = 2 * far
  const rows = films.map((film, f) => {
    const last = film.places.length - 1
    const shown = Array.from({ length: poses }, (_, j) => Math.round((j * last) / (poses - 1)))
    const [bottom, top] = [1 - (f + 0.86) / films.length, 1 - (f + 0.14) / films.length]
    const traces = shown.flatMap((step, j) =>
      scene(film, f, step, far).map(({ x, ...trace }) => ({
        ...trace,
        x: (x as (number | null)[]).map((value) => (value === null ? null : rounded(value + j * wide)))
      }))
    )
    const steps = shown.map((step, j) => ({
      ...{ x: j * wide, xref: `x${suffix(f)}`, y: bottom, yref: 'paper', yanchor: 'top', showarrow: false },
      text: `step ${step}`
    }))
    const range = [-wide / 2, (poses - 0.5) * wide]
    return {
      traces,
      annotations: [caption(film, 0.5, top), ...steps],
      axes: axes(film, f, far, { x: [0, 1], y: [bottom, top] }, range)
    }
  })
  return figure(
    rows.flatMap(({ traces }) => traces),
    {
      title: { text: title },
      height: 60 + 210 * films.length,
      margin: { l: 20, r: 20, t: 50, b: 10 },
      showlegend: false,
      annotations: rows.flatMap(({ annotations }) => annotations),
      ...Object.fromEntries(rows.flatMap(({ axes }) => axes))
    }
  )
}

const suffix = (f: number): string => (f === 0 ? '' : String(f + 1))

/** Half the side of a square that holds all that films show at any time, m: around the origin, or above the ground. */
const reach = (films: readonly Film[]): number =>
  Math.max(
    ...films.map(({ ground, shapes, places }) => {
      const far = (x: number, y: number): number =>
        ground === undefined ? 1.1 * Math.max(Math.abs(x), Math.abs(y)) : 0.6 * (y - ground)
      const farthest = (place: Float64Array): number =>
        Math.max(
          ...shapes.flatMap((_, s) => [far(place[4 * s], place[4 * s + 1]), far(place[4 * s + 2], place[4 * s + 3])])
        )
      return Math.max(...places.map(farthest)) + Math.max(...shapes.map(({ radius }) => radius))
    })
  )

/** Axes of equal scale around what a film shows; the domains are shares of the figure. */
function axes(
  film: Film,
  f: number,
  far: number,
  domains: Readonly<Record<'x' | 'y', readonly number[]>>,
  range = [-far, far]
): [string, object][] {
  const bare = { showgrid: false, showticklabels: false, ticks: '', showline: false, fixedrange: true }
  const height = film.ground === undefined ? [-far, far] : [film.ground - 0.15 * far, film.ground + 1.85 * far]
  return [
    [`xaxis${suffix(f)}`, { ...bare, domain: domains.x, anchor: `y${suffix(f)}`, range }],
    [
      `yaxis${suffix(f)}`,
      { ...bare, domain: domains.y, anchor: `x${suffix(f)}`, range: height, scaleanchor: `x${suffix(f)}` }
    ]
  ]
}

/** At a place in the figure, in shares of it. */
const caption = (film: Film, x: number, y: number) => ({
  ...{ x, y, xref: 'paper', yref: 'paper', xanchor: 'center', yanchor: 'bottom', showarrow: false },
  text: `<b>${film.title}</b>, return ${film.return.toPrecision(4)} in ${film.places.length - 1} steps`
})

/** The traces of one pose: the model, what it is to reach, and the ground that it stands on. */
function scene(film: Film, f: number, step: number, far: number): Trace[] {
  const { shapes, ground, places } = film
  const place = places[Math.min(step, places.length - 1)]
  // the view goes along with what walks: with the middle of its first shape
  const shift = ground === undefined ? 0 : (place[0] + place[2]) / 2
  const isTarget = (s: number) => shapes[s].name === 'target'
  const look = (colour: string) => ({
    ...{ xaxis: `x${suffix(f)}`, yaxis: `y${suffix(f)}`, mode: 'lines', hoverinfo: 'skip' },
    line: { color: colour, width: 1.5 }
  })
  const drawn = (colour: string, which: (s: number) => boolean): Trace => {
    const points = shapes.flatMap((shape, s) =>
      which(s) ? [...outline(place.subarray(4 * s, 4 * s + 4), shape.radius, shift), [null, null] as const] : []
    )
    return {
      ...look(colour),
      x: points.map(([x]) => x),
      y: points.map(([, y]) => y),
      fill: 'toself',
      fillcolor: `${colour}55`
    }
  }
  const colour = colours[f % colours.length]
  const model = drawn(colour, (s) => !isTarget(s))
  if (ground !== undefined) return [groundTrace(look('#777777'), ground, shift, far), model]
  return shapes.some((_, s) => isTarget(s)) ? [drawn(target, isTarget), model] : [model]
}

/** A line with a notch every half metre, by which one sees what moves over it. */
function groundTrace(look: object, ground: number, shift: number, far: number): Trace {
  const notch = 0.5
  const first = Math.ceil((shift - far) / notch)
  const notches = Array.from(
    { length: Math.floor((shift + far) / notch) - first + 1 },
    (_, k) => (first + k) * notch - shift
  )
  return {
    ...look,
    x: [-far, ...notches.flatMap((x) => [x, x, x]), far].map(rounded),
    y: [ground, ...notches.flatMap(() => [ground, ground - 0.05, ground]), ground]
  }
}

/** Cosine and sine of −90° to 90° in steps of 22.5°: what computes them rounds differently from engine to engine. */
const [c1, c2, c3] = [0.9238795325112867, Math.SQRT1_2, 0.38268343236508984]
const halfTurn = [
  [0, -1],
  [c3, -c1],
  [c2, -c2],
  [c1, -c3],
  [1, 0],
  [c1, c3],
  [c2, c2],
  [c3, c1],
  [0, 1]
] as const

/** The outline of a capsule, from one end around to the other and back. */
function outline([x0, y0, x1, y1]: Float64Array, radius: number, shift: number): [number, number][] {
  const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
  const [dx, dy] = length > 0 ? [(radius * (x1 - x0)) / length, (radius * (y1 - y0)) / length] : [radius, 0]
  const half = (x: number, y: number, way: 1 | -1) =>
    halfTurn.map(([cos, sin]): [number, number] => [
      rounded(x - shift + way * (cos * dx - sin * dy)),
      rounded(y + way * (cos * dy + sin * dx))
    ])
  const around = [...half(x1, y1, 1), ...half(x0, y0, -1)]
  return [...around, around[0]]
}

/** To a tenth of a millimetre, which keeps notebooks small. */
const rounded = (metres: number): number => Math.round(metres * 1e4) / 1e4

/** A row of marks: a reason to ask, and the steps of a film in which it did. */
interface Row {
  readonly title: string
  readonly steps: readonly number[]
}

const rowsOf = ({ title, asked }: Film): Row[] =>
  [...new Set(asked.flat())].map((reason) => ({
    title: `${title}: ${reason}`,
    steps: asked.flatMap((reasons, step) => (reasons.includes(reason) ? [step] : []))
  }))

const timeline = { xaxis: 'x99', yaxis: 'y99' }

const marks = ({ title, steps }: Row, r: number): Trace => ({
  ...{ ...timeline, mode: 'markers', x: steps, y: steps.map(() => r) },
  marker: { symbol: 'line-ns-open', size: 10, color: asking[r % asking.length] },
  hovertemplate: `<b>${title}</b><br>step %{x}<extra></extra>`
})

/** Where in time the films are. */
const cursor = (step: number, rows: number): Trace => ({
  ...{ ...timeline, mode: 'lines', hoverinfo: 'skip', line: { color: '#333333', width: 1 } },
  x: [step, step],
  y: [-0.5, Math.max(rows, 1) - 0.5]
})
