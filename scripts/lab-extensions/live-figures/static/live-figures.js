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
    // with a picture in it, it is what the renderer itself has drawn and keeps for the file
    const sent = this.hasGraphElement() && !('image/png' in model.data)
    return sent ? this.createGraph(model) : renderModel.call(this, model)
  }
}

window._JUPYTERLAB ??= {}
window._JUPYTERLAB['live-figures'] = {
  init() {},
  get: async () => () => ({ id: 'live-figures:plugin', autoStart: true, activate })
}
