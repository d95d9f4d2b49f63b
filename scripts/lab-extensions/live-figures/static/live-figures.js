/**
 * Plotly's renderer in JupyterLab draws a display once and overlooks its updates. This has it draw each in place.
 * A JupyterLab extension is a webpack container: written by hand, it needs no build.
 */
const plotly = 'jupyterlab-plotly'

async function activate() {
  const container = window._JUPYTERLAB[plotly]
  if (!container) return
  const { RenderedPlotly } = (await container.get('./mimeExtension'))()
  const { renderModel } = RenderedPlotly.prototype
  RenderedPlotly.prototype.renderModel = function (model) {
    // of the same figure it only keeps a picture, for the file
    const figure = model.data['application/vnd.plotly.v1+json']
    const sent = this.hasGraphElement() && figure !== this.shown
    this.shown = figure
    return sent ? this.createGraph(model) : renderModel.call(this, model)
  }
}

window._JUPYTERLAB ??= {}
window._JUPYTERLAB['live-figures'] = {
  init() {},
  get: async () => () => ({ id: 'live-figures:plugin', autoStart: true, activate })
}
