/** Draws the arm, its target and the reader's hand. */
import { fore, type Point, pointsOf, upper } from './hand.ts'
import type { View } from './player.ts'

/** Half the side of the square that is drawn, m: the arm's reach and a little more. */
const radius = upper + fore + 0.025

export interface Drawing {
  readonly state: readonly number[]
  readonly hand?: Point | undefined
  readonly asking?: boolean
  readonly left?: View['left']
  /** The tip's places before, the newest last. */
  readonly trail?: readonly Point[]
  /** The colour of the arm; an arm without is an outline. */
  readonly colour?: string
}

/** Returns functions that draw on a canvas, in the colours of its page, and find the point of the plane at a place of the screen. */
export function drawOn(canvas: HTMLCanvasElement) {
  const context = canvas.getContext('2d')!
  let colours = coloursOf(canvas)
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    matchMedia(query).addEventListener('change', () => {
      colours = coloursOf(canvas)
    })

  function placeOf(clientX: number, clientY: number): Point {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    return [((clientX - left) / width - 0.5) * 2 * radius, (0.5 - (clientY - top) / height) * 2 * radius]
  }

  /** Fits the canvas to its place, with the origin in the middle, metres as units and y upwards. */
  function prepare(): void {
    const size = Math.round(canvas.clientWidth * devicePixelRatio)
    if (canvas.width !== size) [canvas.width, canvas.height] = [size, size]
    const scale = size / (2 * radius)
    context.setTransform(scale, 0, 0, -scale, size / 2, size / 2)
    context.clearRect(-radius, -radius, 2 * radius, 2 * radius)
    context.lineCap = context.lineJoin = 'round'
  }

  function disc([x, y]: Point, size: number, fill: string | undefined, stroke?: string, width = 0.0015): void {
    context.beginPath()
    context.arc(x, y, size, 0, 2 * Math.PI)
    if (fill) [context.fillStyle] = [fill]
    if (fill) context.fill()
    if (stroke) line(stroke, width)
  }

  function line(stroke: string, width: number, dash: number[] = []): void {
    context.strokeStyle = stroke
    context.lineWidth = width
    context.setLineDash(dash)
    context.stroke()
  }

  function path(...points: readonly Point[]): void {
    context.beginPath()
    for (const [x, y] of points) context.lineTo(x, y)
  }

  function draw({ state, hand, asking = false, left, trail = [], colour }: Drawing): void {
    prepare()
    const { elbow, tip, target } = pointsOf(state)
    for (const reach of [0.07, 0.14, upper + fore]) disc([0, 0], reach, undefined, colours.line, 0.0008)
    disc(target, 0.02, colours.halo)
    trail.forEach((point, i) => {
      context.globalAlpha = 0.5 * ((i + 1) / trail.length) ** 2
      disc(point, 0.0025, colour)
    })
    context.globalAlpha = 1
    const [edge, inside, bones] = colour
      ? [colour, colour, colours.ground]
      : [colours.quiet, colours.ground, colours.quiet]
    for (const [stroke, width] of [
      [colours.ground, 0.026],
      [edge, 0.02],
      [inside, 0.018],
      [bones, 0.0012]
    ] as const) {
      path([0, 0], elbow, tip)
      line(stroke, width)
    }
    disc(target, 0.009, colours.target) // upon the arm, which would hide it
    for (const joint of [[0, 0], elbow] as const) disc(joint, 0.0045, colours.ground)
    if (hand) {
      path(tip, hand)
      line(colours.ink, 0.0012, [0.004, 0.004])
      disc(hand, 0.008, undefined, colours.ink, 0.002)
      disc(hand, 0.002, colours.ink)
    }
    disc(tip, 0.0065, colours.ground)
    if (!asking) return
    disc(tip, 0.018, undefined, colours.line, 0.0035)
    context.beginPath()
    context.arc(...tip, 0.018, Math.PI / 2, Math.PI / 2 + 2 * Math.PI * (left ?? 1))
    line(colours.ink, 0.0035)
  }

  return { draw, placeOf }
}

/** Reads the page's colours, which differ in the dark. */
function coloursOf(element: Element) {
  const style = getComputedStyle(element)
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: named('ink'),
    line: named('line'),
    quiet: named('quiet'),
    ground: named('ground'),
    target: named('target'),
    halo: named('halo')
  }
}
