/**
 * The parts of JupyterLite and JupyterLab that are used here. They come from the page, which shares its modules with its extensions;
 * requirements.txt pins the version that this describes.
 */
import type { DisplayContent, ErrorContent } from '../messages.ts'

/** Names the request that a message answers. */
export type Header = Readonly<Record<string, unknown>>

export interface KernelOptions {
  readonly id: string
}

export type Reply = Readonly<Record<string, unknown>>

/** A request about the code of a cell. */
export interface CodeRequest {
  readonly code: string
  /** Counts characters, of which a surrogate pair is one. */
  readonly cursor_pos: number
}

/** Sends messages of Jupyter's protocol; what a kernel does of its own is to be added. */
export interface BaseKernel {
  readonly isDisposed: boolean
  readonly parentHeader: Header | undefined
  readonly executionCount: number
  dispose(): void
  stream(content: { readonly name: string; readonly text: string }, parent?: Header): void
  displayData(content: DisplayContent, parent?: Header): void
  updateDisplayData(content: DisplayContent, parent?: Header): void
  publishExecuteError(content: ErrorContent, parent?: Header): void
}

/** Makes a value known to plugins that require it. */
export type Token = object

/** The module `@jupyterlite/services`. */
export interface LiteServices {
  readonly BaseKernel: new (options: KernelOptions) => BaseKernel
  readonly IKernelSpecs: Token
  readonly IKernelClient: Token
}

export interface KernelSpecs {
  register(options: { readonly spec: Reply; create(options: KernelOptions): Promise<BaseKernel> }): void
}

export interface KernelClient {
  interrupt(id: string): Promise<void>
}

/** A notebook on the page. */
export interface NotebookPanel {
  readonly context?: { readonly path: string; readonly model: { toJSON(): unknown } }
  readonly content?: {
    readonly activeCellIndex: number
    readonly widgets: readonly {
      readonly model: { readonly type: string; readonly sharedModel: { getSource(): string } }
    }[]
  }
}

export interface App {
  readonly started: Promise<void>
  readonly shell: {
    readonly currentWidget: NotebookPanel | null
  }
  readonly serviceManager: {
    readonly contents: {
      get(path: string, options?: { readonly content: boolean }): Promise<unknown>
      save(
        path: string,
        file: { readonly type: string; readonly format: string; readonly content: unknown }
      ): Promise<unknown>
    }
  }
}

export interface Plugin {
  readonly id: string
  readonly autoStart: true
  readonly requires?: readonly Token[]
  activate(app: App, ...services: never[]): void | Promise<void>
}

/** Modules that a page shares, by name and version. */
export type ShareScope = Readonly<Record<string, Readonly<Record<string, { get(): Promise<() => unknown> }>>>>

/** Returns a module of the page. It has one version of each. */
export async function sharedModule<Module>(scope: ShareScope, name: string): Promise<Module> {
  const [shared] = Object.values(scope[name] ?? {})
  if (!shared) throw new Error(`this version of JupyterLite does not share ${name}`)
  return (await shared.get())() as Module
}
