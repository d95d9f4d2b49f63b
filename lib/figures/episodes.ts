/** Episodes as an animation to play. */
import type { EpisodeTrace } from '../trace'
import { hover, line } from './marks'
import { panelAxes, panelLayout, panelTitle } from './panels'
import { playerControls } from './player'
import { scene, viewRadius } from './scene'
import { type Figure, figure, ink, type Layout, type Trace } from './theme'

/** An animation of a longer episode leaves steps out. */
const maximumFrames = 125
/** Poses that stand pale behind the first frame. */
const earlierPoses = 7
/** Heights of the panels and of the time line with the gap above it, px. */
const panelsHeight = 300
const timelineHeight = 110

/**
 * Animates episodes side by side. Below them stand the steps in which the expert would be queried, with the reasons, and those in
 * which an episode ends early. Opens where the first episode has ended, on earlier poses too if the view does not move.
 */
export function episodeAnimation(title: string, episodes: readonly EpisodeTrace[]): Figure {
  if (episodes.length === 0)
    throw new RangeError('there is nothing to play: give an episode, as traceEpisode returns it')
  const last = Math.max(...episodes.map(lastStep))
  const stride = Math.ceil(last / maximumFrames)
  const steps = [...Array.from({ length: Math.ceil(last / stride) }, (_, k) => k * stride), last]
  const opening = steps.findIndex((step) => step >= Math.min(...episodes.map(lastStep)))
  const rows = episodes.flatMap((episode) => timelineRows(episode, last))
  const height = panelsHeight + (rows.length > 0 ? timelineHeight : 0)
  const bottom = 1 - panelsHeight / height
  const radius = viewRadius(episodes)
  const marksAt = (step: number): Trace[] => [
    ...episodes.flatMap((episode, e) => scene(episode, e, step, radius)),
    ...rows.slice(0, 1).map(() => timeCursor(step, rows.length))
  ]
  const start = marksAt(steps[opening])
  const traces = [...start.keys()]
  const still = episodes.flatMap((episode, e) => (episode.ground === undefined ? earlier(episode, e, radius) : []))
  return {
    ...figure([...start, ...still, ...rows.map(rowMarks)], {
      title: { text: title },
      height: height + 140,
      showlegend: false,
      margin: { l: rows.length > 0 ? 170 : 20, r: 20, t: 80, b: 60 },
      annotations: episodes.map((episode, e) => panelTitle(captionOf(episode), e)),
      ...Object.assign({}, ...episodes.map((episode, e) => sceneAxes(episode, e, episodes.length, radius, bottom))),
      ...(rows.length > 0 && timelineAxes(rows, last, bottom / 2)),
      ...playerControls(steps.map(String), opening, -20 / height)
    }),
    frames: steps.map((step) => ({ name: String(step), data: marksAt(step).map(({ x, y }) => ({ x, y })), traces }))
  }
}

/** Returns earlier poses of an episode, pale. */
function earlier(episode: EpisodeTrace, panel: number, radius: number): Trace[] {
  const steps = Array.from({ length: earlierPoses }, (_, j) => Math.round((j * lastStep(episode)) / (earlierPoses - 1)))
  return steps.map((step) => ({ ...scene(episode, panel, step, radius).at(-1), opacity: 0.2 }))
}

const lastStep = ({ poses }: EpisodeTrace): number => poses.length - 1

/** Returns bare axes of equal scale around an episode, one of so many side by side. */
function sceneAxes({ ground }: EpisodeTrace, panel: number, count: number, radius: number, bottom: number): Layout {
  const bare = { showgrid: false, showticklabels: false, ticks: '', showline: false, fixedrange: true }
  const range = ground === undefined ? [-radius, radius] : [ground - 0.15 * radius, ground + 1.85 * radius]
  const across = { domain: [panel / count, (panel + 0.96) / count], range: [-radius, radius] }
  const up = { domain: [bottom, 1], range, scaleanchor: panelAxes(panel).xaxis }
  return panelLayout(panel, { ...bare, ...across }, { ...bare, ...up })
}

const captionOf = (episode: EpisodeTrace): string =>
  `<b>${episode.title}</b>, return ${Number(episode.return.toPrecision(3))} in ${lastStep(episode)} steps`

/** A row of the timeline: the steps in which one reason would query the expert, or the one in which an episode ends early. */
type Row = { readonly title: string; readonly steps: readonly number[] }

function timelineRows(episode: EpisodeTrace, last: number): Row[] {
  const { title, queries, ground } = episode
  const rows = [...new Set(queries.flat())].map((reason) => ({
    title: `${title}: ${reason.replace(/[A-Z]/g, ' $&').toLowerCase()}`,
    steps: queries.flatMap((reasons, step) => (reasons.includes(reason) ? [step] : []))
  }))
  const end = lastStep(episode)
  return end === last ? rows : [...rows, { title: `${title} ${ground === undefined ? 'ends' : 'falls'}`, steps: [end] }]
}

/** The timeline's number among the panels, beyond any episode's. */
const timeline = 98
const extentOf = (rows: number) => [-0.5, rows - 0.5]

function timelineAxes(rows: readonly Row[], last: number, top: number): Layout {
  const ticks = { tickvals: [...rows.keys()], ticktext: rows.map(({ title }) => title) }
  const across = { domain: [0, 1], range: [0, last], title: { text: 'step', standoff: 2 }, side: 'top' }
  const up = { domain: [0, top], range: extentOf(rows.length), fixedrange: true, showgrid: false, ...ticks }
  return panelLayout(timeline, across, up)
}

const rowMarks = ({ title, steps }: Row, row: number): Trace => ({
  ...panelAxes(timeline),
  x: steps,
  y: steps.map(() => row),
  mode: 'markers',
  marker: { symbol: 'line-ns-open', size: 10, color: ink, line: { width: 2 } },
  hovertemplate: hover(`<b>${title}</b>`, 'step %{x}')
})

/** Returns a vertical line through the timeline at a step. */
const timeCursor = (step: number, rows: number): Trace =>
  line([step, step], extentOf(rows), { color: ink, width: 1 }, { ...panelAxes(timeline), hoverinfo: 'skip' })
