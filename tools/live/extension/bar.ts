/** A line above each page of JupyterLite: says where the reader is, and has the switch for quick runs. */
import { download } from './download.ts'
import type { App, Plugin } from './jupyterlite.ts'
import { isQuick, setQuick } from './settings.ts'

const sentence =
  'Cells run in this browser, those that train for 10 to 60 s. Outputs stay as committed until you run a cell; edits stay here.'

export const barPlugin = (site: string): Plugin => ({
  id: '@radgrad/live:bar',
  autoStart: true,
  activate(app) {
    const bar = Object.assign(document.createElement('header'), { id: 'radgrad-bar' })
    bar.append(
      element('a', {
        textContent: 'RadGrad, live',
        href: `${site}index.html`,
        title: 'what this is, and all notebooks'
      }),
      element('span', { textContent: sentence, title: sentence }),
      quickSwitch(),
      element('button', {
        textContent: 'Download',
        title: 'this notebook, with your edits and outputs',
        onclick: () => downloadNotebook(app)
      })
    )
    document.head.append(element('style', { textContent: style }))
    document.body.prepend(bar)
    // JupyterLab's own page measures itself anew
    void app.started.then(() => dispatchEvent(new Event('resize')))
  }
})

function quickSwitch(): HTMLElement {
  const box = element('input', { type: 'checkbox', checked: isQuick() })
  box.addEventListener('change', () => setQuick(box.checked))
  const label = element('label', {
    title: '4 iterations and 10 trials in place of 15 and 100, from the next cell on; figures and tables then say so'
  })
  label.append(box, ' quick runs')
  return label
}

function downloadNotebook({ shell: { currentWidget } }: App): void {
  const { model, path } = currentWidget?.context ?? {}
  if (model && path) download(path.split('/').at(-1) ?? path, `${JSON.stringify(model.toJSON(), undefined, 1)}\n`)
}

const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>
): HTMLElementTagNameMap[Tag] => Object.assign(document.createElement(tag), properties)

const style = `
  #radgrad-bar { position: fixed; inset: 0 0 auto; height: 28px; box-sizing: border-box; display: flex; align-items: center; gap: 14px;
    padding: 0 12px; font: 12px/1.3 var(--jp-ui-font-family); white-space: nowrap;
    background: var(--jp-layout-color2); color: var(--jp-ui-font-color1); border-bottom: 1px solid var(--jp-border-color2); }
  #radgrad-bar a { font-weight: bold; color: var(--jp-content-link-color); }
  #radgrad-bar span { flex: 1 1 0; overflow: hidden; text-overflow: ellipsis; }
  #radgrad-bar label { display: flex; align-items: center; }
  #radgrad-bar button { font: inherit; }
  #main { top: 28px !important; }
  @media (max-width: 700px) {
    #radgrad-bar span { visibility: hidden; }
    .jp-RenderedPlotly { min-width: 40rem; } /* figures are legible down to this width, and scroll */
    .jp-OutputArea-output { overflow-x: auto; }
    .jp-OutputArea-child:has(> .jp-RenderedPlotly) { overflow-x: auto; }
    .jp-OutputArea-child > .jp-RenderedPlotly { overflow: visible; }
    .jp-RenderedPlotly::before { content: '↔ this figure scrolls sideways'; display: inline-block; position: sticky; left: 0;
      padding: 0 8px; font: 12px/1.3 var(--jp-ui-font-family); color: var(--jp-ui-font-color2); }
    .jp-NotebookTrustedStatus { display: none; }
  }`
