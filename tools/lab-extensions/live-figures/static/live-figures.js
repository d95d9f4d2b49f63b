// @ts-check
/**
 * Plotly's renderer in JupyterLab draws a display once and overlooks its updates, and where a picture comes along it shows that
 * until the pointer is on it. This has it draw every figure in its place, once that is near the window: a notebook with many opens at once.
 * A JupyterLab extension is a webpack container: written by hand, it needs no build.
 */
const plotly = 'jupyterlab-plotly'

/** @typedef {{ data: Record<string, unknown> }} Model */
/** @typedef {{ node: HTMLElement, figure?: string, createGraph(model: Model): Promise<void>, renderModel(model: Model): Promise<void> }} Renderer */
/** @typedef {{ RenderedPlotly: { prototype: Renderer } }} PlotlyModule */
/** @typedef {{ id: string, autoStart: boolean, activate: () => Promise<void> }} Plugin */

/** @type {Record<string, { init(): void, get(module: string): Promise<() => PlotlyModule | Plugin> }>} */
const containers = Reflect.get(window, '_JUPYTERLAB') ?? {}
Reflect.set(window, '_JUPYTERLAB', containers)

async function activate() {
  const container = containers[plotly]
  if (!container) return
  const { RenderedPlotly } = /** @type {PlotlyModule} */ ((await container.get('./mimeExtension'))())
  RenderedPlotly.prototype.renderModel = async function (model) {
    const figure = JSON.stringify(model.data['application/vnd.plotly.v1+json'])
    // drawn already: the renderer has added a picture, for the file
    if (figure === this.figure) return
    this.figure = figure
    await isNear(this.node)
    if (figure === this.figure) await this.createGraph(model)
  }
}

/**
 * Keeps room for a figure until its place is within half a window.
 *
 * @param {HTMLElement} node
 * @returns {Promise<void>}
 */
function isNear(node) {
  if (!node.firstChild) node.style.minHeight = '450px' // Plotly's own
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        node.style.minHeight = ''
        resolve()
      },
      { scrollMargin: '50%' }
    )
    observer.observe(node)
  })
}

containers['live-figures'] = {
  init() {},
  get: async () => () => ({ id: 'live-figures:plugin', autoStart: true, activate })
}
