"""Executes notebooks in the TypeScript kernel and writes them, and a page of each, into a folder.

    execute.py FOLDER PLOTLY.JS MATHJAX.JS

Reads the paths of notebooks from standard input, one a line, and executes one at a time, each in a kernel of its own. Prints
'cell' for each cell done and 'notebook' for each notebook written. A page needs no network: the two scripts are in it.
Whoever starts this holds its standard input open, and closes it to have it stop, which leaves no kernel behind.
"""

import asyncio
import copy
import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from page import FIGURE, page


async def execute(notebook, folder):
    """Runs all cells, telling of each. Where one fails, the error names the cell and the notebook says the rest."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = []
    for left in (2, 1, 0):
        try:
            return await execute_once(notebook, folder)
        except RuntimeError as error:
            # a busy machine may keep a kernel from starting; no cell was executed
            if left == 0 or "before replying to kernel_info" not in str(error):
                raise


async def execute_once(notebook, folder):
    client = NotebookClient(
        notebook,
        timeout=900,
        # after a cell its live figures are drawn as pictures, the first by a Chromium that has to start
        iopub_timeout=60,
        raise_on_iopub_timeout=True,
        kernel_name="tslab",
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=executed,
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


def executed(cell, cell_index, execute_reply):
    """Tells of a cell. nbclient sees to one that failed; it takes all other replies for a success."""
    status = execute_reply["content"]["status"]
    if status not in ("ok", "error"):
        raise NotExecuted(f"cell {cell_index + 1} was not executed, the kernel says '{status}':\n{cell.source}")
    print("cell", flush=True)


class NotExecuted(Exception):
    """A cell that the kernel dropped."""


async def unless_left(paths, work):
    """Does the work, or cancels it when standard input ends, also because the process at its other end died."""
    work, left = asyncio.ensure_future(work), asyncio.ensure_future(paths.readline())
    await asyncio.wait([work, left], return_when=asyncio.FIRST_COMPLETED)
    second = left if work.done() else work
    second.cancel()
    await asyncio.wait([second])
    await work


def written(notebook):
    """A notebook's text, each figure on one line: with a line a number it would be twice as large."""
    notebook, figures = copy.deepcopy(notebook), []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if FIGURE in output.get("data", {}):
                figures.append(json.dumps(output.data[FIGURE], ensure_ascii=False, sort_keys=True, separators=(",", ":")))
                output.data[FIGURE] = {}
    lines = iter(figures)
    return re.sub(rf'"{re.escape(FIGURE)}": {{}}', lambda found: found[0][:-2] + next(lines), nbformat.writes(notebook)) + "\n"


def write(path, text):
    """Whole or not at all; follows links, and writes to what is no regular file, as a pipe."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


async def main(folder, plotly, mathjax):
    folder, scripts = Path(folder), {"mathjax": Path(mathjax), "plotly": Path(plotly)}
    folder.mkdir(parents=True, exist_ok=True)
    loop, paths = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(paths), sys.stdin)
    while line := await paths.readline():
        source = Path(line.decode().rstrip("\n"))
        notebook = nbformat.read(source, as_version=4)
        try:
            await unless_left(paths, execute(notebook, source.parent))
        except (CellControlSignal, NotExecuted) as error:
            write(folder / source.name, written(notebook))
            sys.exit(str(error))
        except (DeadKernelError, asyncio.CancelledError):
            sys.exit("the kernel died, or was stopped")
        write(folder / source.name, written(notebook))
        write(folder / f"{source.stem}.html", page(notebook, source.stem, scripts))
        print("notebook", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
