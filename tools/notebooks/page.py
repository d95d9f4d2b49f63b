"""A notebook as one page of HTML."""

import base64
import copy
import gzip
import html
import json
import re
from functools import cache

from jinja2 import DictLoader
from nbconvert import HTMLExporter

FIGURE = "application/vnd.plotly.v1+json"

# What a page does once it has Plotly.
DRAW = """
  const narrow = matchMedia('(max-width: 600px)')
  for (const place of document.querySelectorAll('.plotly-figure')) {
    const figure = JSON.parse(place.nextElementSibling.textContent)
    const draw = () => {
      // on a narrow page a figure takes the layout that it brings for one
      const layout = { ...figure.layout }
      for (const [key, value] of Object.entries((narrow.matches && layout.meta?.narrow) || {}))
        layout[key] = Object.getPrototypeOf(value) === Object.prototype ? { ...layout[key], ...value } : value
      place.style.setProperty('--height', `${layout.height ?? 450}px`)
      return Plotly.newPlot(place, { ...figure, layout, config: { responsive: true, displaylogo: false } })
    }
    await draw()
    if (figure.layout.meta?.narrow) narrow.addEventListener('change', draw)
  }
  document.documentElement.dataset.drawn = 'yes'
"""

# What the page does when it is opened: unpacks a script that it carries, runs it, and goes on.
LOADER = f"""
<script type="module">
  async function run(id) {{
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0))
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
    const script = document.createElement('script')
    script.text = await new Response(stream).text()
    document.head.append(script)
  }}
  window.MathJax = {{ tex: {{ inlineMath: [['$', '$']] }}, options: {{ enableMenu: false }} }}
  await run('mathjax')
  await run('plotly')
  {DRAW}
</script>
"""


# Code that only imports or draws is a click away, and so are tables of a figure's numbers.
FOLDED = """
{%- extends 'TEMPLATE/index.html.j2' -%}
{%- block input_group -%}
{%- if 'hide-input' in cell.metadata.get('tags', []) -%}
<details class="code"><summary>Code</summary>{{ super() }}</details>
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock input_group -%}
{%- block output_group -%}
{%- if 'hide-output' in cell.metadata.get('tags', []) -%}
<details class="code"><summary>Numbers</summary>{{ super() }}</details>
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock output_group -%}
"""

STYLE = """
<style>
  .code > summary { padding: 4px 84px; color: #666; font: 13px sans-serif; cursor: pointer }
  .jp-OutputArea-output.jp-RenderedHTMLCommon table :is(td, th) { text-align: left }
  .jp-OutputArea-output:has(.plotly-figure) { overflow-x: auto }
  .plotly-figure:not(.stacks) { min-width: 40rem }
  @media (max-width: 500px) { .code > summary { padding: 4px 0 } }
</style>
"""


def exporter(template, **options):
    """An exporter by one of nbconvert's templates that folds the code of cells tagged hide-input, and the output of those tagged hide-output."""
    loader = DictLoader({"folded": FOLDED.replace("TEMPLATE", template)})
    return HTMLExporter(template_name=template, template_file="folded", extra_loaders=[loader], **options)


def page(notebook, name, scripts):
    """The notebook as one HTML file, figures drawn by the Plotly that it carries."""
    lab = exporter("lab", mathjax_url="", require_js_url="", jquery_url="")
    body, _ = lab.from_notebook_node(with_places(notebook), {"metadata": {"name": html.escape(name)}})
    carried = "".join(f'<script type="text/plain" id="{key}">{packed(path)}</script>' for key, path in scripts.items())
    return body.replace("</head>", f"{STYLE}</head>").replace("</body>", f"{carried}{LOADER}</body>")


def with_places(notebook):
    """The notebook with a place for each figure, to be drawn in by a script; who has scripts off gets the picture."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            figure = output.get("data", {}).get(FIGURE)
            if figure:
                text = json.dumps(figure).replace("<", "\\u003c")
                script = f'<script type="application/json">{text}</script>'
                still = f"<noscript>{picture(output.data)}</noscript>"
                caption = output.get("metadata", {}).get("caption", "")
                below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
                output.data = {"text/html": f"<figure>{place(figure)}{script}{still}{below}</figure>"}
    return notebook


def place(figure):
    """Its height, or else Plotly's own, is there for styles to keep room before it is drawn."""
    layout = figure["layout"]
    title = html.escape(re.sub(r"<[^>]*>", "", layout.get("title", {}).get("text", "").replace("<br>", " ")))
    stacks = " stacks" if "narrow" in layout.get("meta", {}) else ""
    style = f"--height: {layout.get('height', 450)}px"
    return f'<div class="plotly-figure{stacks}" role="img" aria-label="{title}" style="{style}"></div>'


def picture(bundle):
    png = bundle.get("image/png")
    if not png:
        return "<p>This figure needs scripts, and there is no picture of it.</p>"
    text = html.escape(bundle.get("text/plain", "figure"))
    return f'<img src="data:image/png;base64,{png}" alt="{text}">'


@cache
def packed(path):
    return base64.b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode()
