"""Packs a folder's files, the same to the last bit for the same contents.

archive.py FOLDER ARCHIVE.zip
"""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

folder, archive = Path(sys.argv[1]), sys.argv[2]
with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
    for path in sorted(folder.iterdir()):
        # a ZipInfo of a name alone is of 1980, not of whenever the checkout was made
        packed.writestr(ZipInfo(f"{folder.name}/{path.name}"), path.read_bytes(), ZIP_DEFLATED)
