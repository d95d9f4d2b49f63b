"""Executes a notebook in the TypeScript kernel and writes it, and a page of it, into a folder.

    notebooks.py NOTEBOOK FOLDER PLOTLY.JS MATHJAX.JS

Prints a line for each cell done. The page needs no network: the two scripts are in it.
Whoever starts this holds its standard input open, and closes it to have it stop, which leaves no kernel behind.
"""

import asyncio
import base64
import copy
import gzip
import html
import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbconvert import HTMLExporter

FIGURE = "application/vnd.plotly.v1+json"

# What the page does when it is opened: unpacks a script that it carries, runs it, and goes on.
LOADER = """
<script type="module">
  async function run(id) {
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0))
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
    const script = document.createElement('script')
    script.text = await new Response(stream).text()
    document.head.append(script)
  }
  window.MathJax = { tex: { inlineMath: [['$', '$']] }, options: { enableMenu: false } }
  await run('mathjax')
  await run('plotly')
  for (const place of document.querySelectorAll('.plotly-figure')) {
    const figure = JSON.parse(place.nextElementSibling.textContent)
    await Plotly.newPlot(place, { ...figure, config: { responsive: true, displaylogo: false } })
  }
  document.documentElement.dataset.drawn = 'yes'
</script>
"""


async def execute(notebook, folder):
    """Runs all cells, telling of each. Where one fails, the error names the cell and the notebook says the rest."""
    stop_when_left()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = []
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="tslab",
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=lambda **_: print("done", flush=True),
        record_timing=False,
        shutdown_kernel="immediate",
    )
    kernel = client.create_kernel_manager()
    try:
        # what the kernel's process prints past tslab is nothing that it tells of cells
        await client.async_execute(stdout=sys.stderr)
    finally:
        # nbclient leaves a kernel that was still starting
        await kernel.shutdown_kernel(now=True)


def stop_when_left():
    """Cancels the task that calls it when standard input ends, also because the process at its other end died."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop():
        loop.remove_reader(sys.stdin)
        task.cancel()

    loop.add_reader(sys.stdin, stop)


def page(notebook, name, scripts):
    """The notebook as one HTML file, figures drawn by the Plotly that it carries."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            figure = output.get("data", {}).get(FIGURE)
            if figure:
                text = json.dumps(figure).replace("<", "\\u003c")
                place = '<div class="plotly-figure"></div>'
                output.data = {"text/html": f'{place}<script type="application/json">{text}</script>'}
    exporter = HTMLExporter(template_name="lab", mathjax_url="", require_js_url="", jquery_url="")
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": html.escape(name)}})
    carried = "".join(f'<script type="text/plain" id="{key}">{packed(path)}</script>' for key, path in scripts.items())
    return body.replace("</body>", f"{carried}{LOADER}</body>")


def packed(path):
    return base64.b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode()


def write(path, text):
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def main(source, folder, plotly, mathjax):
    source, folder = Path(source), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(source, as_version=4)
    try:
        asyncio.run(execute(notebook, source.parent))
    except CellControlSignal as error:
        write(folder / source.name, nbformat.writes(notebook) + "\n")
        sys.exit(str(error))
    except (DeadKernelError, asyncio.CancelledError):
        sys.exit("the kernel died, or was stopped")
    write(folder / source.name, nbformat.writes(notebook) + "\n")
    scripts = {"mathjax": Path(mathjax), "plotly": Path(plotly)}
    write(folder / f"{source.stem}.html", page(notebook, source.stem, scripts))


if __name__ == "__main__":
    main(*sys.argv[1:])
