"""The site's pages: from standard input as { path, title, notebook, download, source } each, to standard output as HTML by path; both are JSON."""

import json
import sys
from functools import cache
from pathlib import Path

import nbformat
from jinja2 import Template
from page import DRAW, exporter, with_places
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TypeScriptLexer

# each line is a place to link to
lines = HtmlFormatter(linenos="inline", linespans="L")
frame = Template(Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8"), autoescape=True)


@cache
def writer(with_code):
    """Only a notebook has code to show; in other pages a cell is there for its figure."""
    return exporter(
        "basic",
        exclude_input=not with_code,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )


def rendered(page, pages):
    """A page: what its notebook says, without the prompts, in the frame that all have."""
    notebook = nbformat.reads(json.dumps(page["notebook"]), as_version=4)
    body, _ = writer(bool(page.get("download"))).from_notebook_node(with_places(notebook))
    if source := page.get("source"):
        body += highlight(source, TypeScriptLexer(), lines)
    return frame.render(
        **page,
        body=body,
        notebooks=[page for page in pages if page.get("download")],
        up="../" * page["path"].count("/"),
        draw=DRAW if 'class="plotly-figure' in body else None,
    )


pages = json.load(sys.stdin)
json.dump({page["path"]: rendered(page, pages) for page in pages}, sys.stdout)
