/**
 * Plotly's renderer in JupyterLab draws a display once and overlooks its updates, and where a picture comes along it shows that
 * until the pointer is on it. This has it draw every figure, at once and in its place.
 * A JupyterLab extension is a webpack container: written by hand, it needs no build.
 */
const plotly = 'jupyterlab-plotly'

async function activate() {
  const container = window._JUPYTERLAB[plotly]
  if (!container) return
  const { RenderedPlotly } = (await container.get('./mimeExtension'))()
  RenderedPlotly.prototype.renderModel = async function (model) {
    const figure = JSON.stringify(model.data['application/vnd.plotly.v1+json'])
    // drawn already: the renderer has added a picture, for the file
    if (figure === this.figure) return
    this.figure = figure
    await this.createGraph(model)
  }
}

window._JUPYTERLAB ??= {}
window._JUPYTERLAB['live-figures'] = {
  init() {},
  get: async () => () => ({ id: 'live-figures:plugin', autoStart: true, activate })
}
