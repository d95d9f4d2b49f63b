"""The site's pages: from standard input as { path, title, notebook, download } each, to standard output as HTML by path; both are JSON."""

import json
import sys
from pathlib import Path

import nbformat
from jinja2 import Template
from nbconvert import HTMLExporter
from page import DRAW, with_places

frame = Template(Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8"), autoescape=True)


def rendered(page, pages):
    """A page: what its notebook says, without the prompts, in the frame that all have."""
    download = page.get("download")
    # only a notebook has code to show; in other pages a cell is there for its figure
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=not download,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    notebook = nbformat.reads(json.dumps(page["notebook"]), as_version=4)
    body, _ = exporter.from_notebook_node(with_places(notebook))
    return frame.render(
        **page,
        body=body,
        notebooks=[page for page in pages if page.get("download")],
        up="../" * page["path"].count("/"),
        draw=DRAW if 'class="plotly-figure"' in body else None,
    )


pages = json.load(sys.stdin)
json.dump({page["path"]: rendered(page, pages) for page in pages}, sys.stdout)
