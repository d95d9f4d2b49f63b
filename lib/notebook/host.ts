/**
 * The seam between the library and the place where it runs. Whoever starts the library registers a host: the notebooks' kernel and
 * the command line one of Node, a page one of its browser. Without one the library computes, but reads and shows nothing.
 */
import type { Environment } from '../environments'
import type { Figure } from '../figures/theme'
import type { Model } from '../networks'
import type { VisitedStates } from '../strategies'
import type { Frame } from './show'
import type { sweep } from './sweep'

/** An output in several types, of which each reader takes the best it knows. */
export type Bundle = Readonly<Record<string, unknown>>

/** Sends an output to a cell, or replaces the one with the same `display_id`: a message of Jupyter's protocol. */
export type Send = (message: Message, update: boolean) => void
type Message = { readonly data: Bundle; readonly metadata: Bundle; readonly transient: { readonly display_id: string } }

export interface Settings {
  /** The folder with experts and records. */
  readonly data: string
  /** A folder of records computed just now, which replace the committed ones of the same name. */
  readonly freshRecords?: string | undefined
  /** True when notebooks compute little, to see that they work. */
  readonly quick: boolean
}

/** Formats of files that a figure can be written to, and a table. */
export const figureFormats = ['svg', 'pdf', 'png', 'html'] as const
export const tableFormats = ['csv', 'tex'] as const
export type ExportFormat = (typeof figureFormats | typeof tableFormats)[number]
export interface Host {
  settings(): Settings
  /** @throws Error for a file that cannot be read */
  readFile(path: string): Promise<Uint8Array>
  exists(path: string): Promise<boolean>
  /**
   * Lists the names in a folder.
   *
   * @throws Error that names a folder that is missing or cannot be read
   */
  listFolder(path: string): Promise<string[]>
  /** Writes a file whole or not at all, and makes its folder. */
  writeFile(path: string, contents: string | Uint8Array): Promise<void>
  /** Returns the demonstrations in a table, CSV; `file` names it in errors. */
  demonstrationsIn(text: string, file: string, task: Environment): VisitedStates
  /** Returns one of Berkeley's experts, of the bytes of its pickle; `file` names it in errors. */
  berkeleyModel(bytes: Uint8Array, file: string): Model
  /** Runs what `sweep` does. */
  readonly sweep: typeof sweep
  /** Returns a function that sends to the cell being executed; each cell has its own. Returns undefined outside a notebook. */
  cell(): Send | undefined
  /** Calls `work` once when the cell ends, before the front end hears of that. The same `work` passed twice is called once. */
  beforeIdle(work: () => void): void
  /** Calls `stop` on the next interrupt, which then leaves the cell running. Returns a function that unsubscribes. */
  onInterrupt(stop: () => void): () => void
  /** Draws a figure as PNG, base64. Returns undefined where that is impossible. */
  picture(figure: Figure): string | undefined
  /**
   * Returns the contents of a file of a figure, or of a table.
   *
   * @throws Error where that is impossible
   */
  exported(content: Figure | Frame, format: ExportFormat): Promise<string | Uint8Array>
}

function noHost(): never {
  throw new Error("no host is registered: import 'radgrad-tools/host' first, which gives radgrad the files of Node")
}
const unregistered = async (): Promise<never> => noHost()

const none: Host = {
  settings: () => ({ data: 'data', quick: false }),
  readFile: unregistered,
  exists: unregistered,
  listFolder: unregistered,
  writeFile: unregistered,
  demonstrationsIn: noHost,
  berkeleyModel: noHost,
  sweep: unregistered,
  cell: () => undefined,
  beforeIdle() {},
  onInterrupt: () => () => {},
  picture: () => undefined,
  exported: unregistered
}

let registered = none

/** Registers the host in place of any other. */
export function setHost(host: Host): void {
  registered = host
}

export const host = (): Host => registered
