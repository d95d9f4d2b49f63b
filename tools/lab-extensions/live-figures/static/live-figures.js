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
    const shown = model.data['application/vnd.plotly.v1+json']
    const figure = JSON.stringify(shown)
    // drawn already: the renderer has added a picture, for the file
    if (figure === this.figure) return
    // room for the first one, until it is drawn
    if (this.figure === undefined) this.node.style.minHeight = `${heightOf(shown)}px`
    this.figure = figure
    await isNear(this.node)
    if (figure !== this.figure) return
    await this.createGraph(model)
    this.node.style.minHeight = ''
  }
}

/**
 * Returns the height in pixels at which Plotly draws a figure.
 *
 * @param {unknown} figure
 */
function heightOf(figure) {
  const height = Object(Object(figure).layout).height
  return typeof height === 'number' ? height : 450
}

/**
 * Waits until the place of a figure is within half a window.
 *
 * @param {HTMLElement} node
 * @returns {Promise<void>}
 */
function isNear(node) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
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
