/** The kernel as JupyterLite knows it: hands requests to workers, and their answers to the page. */
import type { FromKernel, Output, ToKernel } from '../messages.ts'
import { download } from './download.ts'
import type {
  BaseKernel,
  CodeRequest,
  Header,
  KernelClient,
  KernelOptions,
  KernelSpecs,
  LiteServices,
  Plugin,
  Reply
} from './jupyterlite.ts'
import type { Language } from './language.ts'
import { isQuick, onQuick } from './settings.ts'

const languageInfo = {
  name: 'typescript',
  version: '',
  mimetype: 'text/typescript',
  file_extension: '.ts',
  codemirror_mode: { name: 'javascript', typescript: true }
}

/** A cell that is being executed. */
interface Running {
  readonly header: Header | undefined
  readonly finish: (reply: Reply) => void
}

/** A kernel, with what JupyterLite's own interrupt leaves out. */
type Interruptible = BaseKernel & { interrupt(): void }

/**
 * Makes the plugin that registers the kernel, under the name that the notebooks have for theirs.
 *
 * @param site the address of the site
 * @param address of the worker
 */
export function kernelPlugin(services: LiteServices, site: string, address: URL, language: Language): Plugin {
  const create = kernelMaker(services, site, address, language)
  const kernels = new Map<string, Interruptible>()
  const spec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript', argv: [], resources: {} }
  return {
    id: '@radgrad/live:kernel',
    autoStart: true,
    requires: [services.IKernelSpecs, services.IKernelClient],
    activate(_, specs: KernelSpecs, client: KernelClient) {
      specs.register({
        spec: { ...spec, spec },
        async create(options) {
          const kernel = create(options)
          kernels.set(options.id, kernel)
          return kernel
        }
      })
      // JupyterLite cancels the cells that wait, and leaves alone the one that runs
      const cancelWaiting = client.interrupt.bind(client)
      client.interrupt = async (id) => {
        kernels.get(id)?.interrupt()
        await cancelWaiting(id)
      }
    }
  }
}

function kernelMaker({ BaseKernel }: LiteServices, site: string, address: URL, language: Language) {
  class TypeScriptKernel extends BaseKernel {
    readonly ready: Promise<void>
    private readonly worker = new Worker(address, { type: 'module' })
    private readonly running = new Map<number, Running>()
    private readonly unsubscribe: () => void

    constructor(options: KernelOptions) {
      super(options)
      const { worker } = this
      this.ready = new Promise((resolve, reject) => {
        worker.addEventListener('error', ({ message }) => reject(new Error(`the kernel does not start: ${message}`)))
        worker.addEventListener('message', ({ data }: MessageEvent<FromKernel>) =>
          data.type === 'ready' ? resolve() : this.hear(data)
        )
      })
      this.send({ type: 'begin', site, quick: isQuick() })
      this.unsubscribe = onQuick((quick) => this.send({ type: 'quick', quick }))
    }

    private send(message: ToKernel): void {
      this.worker.postMessage(message)
    }

    private hear(message: Exclude<FromKernel, { type: 'ready' }>): void {
      if (message.type === 'download') download(message.name, message.contents)
      else if (message.type === 'done') {
        const { finish } = this.running.get(message.id) ?? {}
        const reply = { execution_count: message.id, user_expressions: {}, payload: [] }
        finish?.(message.error ? { status: 'error', ...reply, ...message.error } : { status: 'ok', ...reply })
      } else this.show(message)
    }

    private show(output: Output): void {
      const header = this.running.get(output.id)?.header
      if (output.type === 'stream') this.stream(output.content, header)
      else if (output.type === 'error') this.publishExecuteError(output.content, header)
      else if (output.type === 'display') this.displayData(output.content, header)
      else this.updateDisplayData(output.content, header)
    }

    executeRequest({ code }: { readonly code: string }): Promise<Reply> {
      const id = this.executionCount
      return new Promise((finish) => {
        // its header stays, for what it leaves running goes on to print below it
        this.running.set(id, { header: this.parentHeader, finish })
        this.send({ type: 'execute', id, code })
      })
    }

    interrupt(): void {
      this.send({ type: 'interrupt' })
    }

    async kernelInfoRequest(): Promise<Reply> {
      const banner = 'TypeScript in this browser. Types are not checked here.'
      const version = { protocol_version: '5.3', implementation: 'radgrad-live', implementation_version: '' }
      return { status: 'ok', ...version, banner, help_links: [], language_info: languageInfo }
    }

    completeRequest = (request: CodeRequest): Promise<Reply> => language.complete(request)
    inspectRequest = (request: CodeRequest): Promise<Reply> => language.inspect(request)
    isCompleteRequest = async (): Promise<Reply> => ({ status: 'complete' })
    commInfoRequest = async (): Promise<Reply> => ({ status: 'ok', comms: {} })
    inputReply(): void {}
    async commOpen(): Promise<void> {}
    async commMsg(): Promise<void> {}
    async commClose(): Promise<void> {}

    override dispose(): void {
      if (this.isDisposed) return
      this.unsubscribe()
      this.worker.terminate()
      super.dispose()
    }
  }
  return (options: KernelOptions): Interruptible => new TypeScriptKernel(options)
}
