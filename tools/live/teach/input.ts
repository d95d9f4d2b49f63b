/** The reader's hand: a mouse, a finger, or the arrow keys. */
import type { Point } from './hand.ts'
import type { Hand } from './player.ts'

/** The distance from the tip at which an arrow key shows, m. */
const stride = 0.06

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ' ': [0, 0]
}

/** Returns a place to a tenth of a millimetre, which no hand exceeds and a file shows in full. */
const rounded = (metres: number): number => Math.round(metres * 1e4) / 1e4

/**
 * Listens to a picture of the plane.
 *
 * @param placeOf returns the point of the plane at a place on the screen
 * @returns a function that gives the hand, for a tip; what was pressed since its last call counts as held
 */
export function listenTo(element: HTMLElement, placeOf: (x: number, y: number) => Point): (tip: Point) => Hand {
  let pointer: Point | undefined
  let [down, pressed] = [false, false]
  const keys = new Set<string>()
  element.tabIndex = 0 // it has the keyboard then
  const move = ({ clientX, clientY }: PointerEvent): void => {
    pointer = placeOf(clientX, clientY)
  }
  const release = (): void => {
    down = false
  }
  element.addEventListener('pointermove', move)
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId)
    move(event)
    down = pressed = true
  })
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) element.addEventListener(type, release)
  element.addEventListener('keydown', (event) => {
    if (!(event.key in directions) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault() // of the page's scrolling
    keys.add(event.key)
    pressed = true
  })
  element.addEventListener('keyup', ({ key }) => keys.delete(key))
  element.addEventListener('blur', () => keys.clear())

  return (tip) => {
    const shown = [...keys].map((key) => directions[key])
    const byKeys = (i: 0 | 1): number => tip[i] + stride * shown.reduce((sum, direction) => sum + direction[i], 0)
    const at: Point | undefined = keys.size > 0 ? [byKeys(0), byKeys(1)] : pointer
    const held = down || keys.size > 0 || pressed
    pressed = false
    return { point: at && [rounded(at[0]), rounded(at[1])], held }
  }
}
