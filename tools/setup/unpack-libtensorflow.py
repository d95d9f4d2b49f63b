"""Takes TensorFlow's C library and its headers out of its wheel: python unpack-libtensorflow.py WHEEL FOLDER"""

import os
import shutil
import sys
import zipfile

HEADERS = ("include/tensorflow/c/", "include/tensorflow/core/platform/", "include/tsl/")
LIBRARIES = {
    "libtensorflow_cc.so.2": ("libtensorflow.so", "libtensorflow.so.2"),
    "libtensorflow_framework.so.2": ("libtensorflow_framework.so",),
}

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.namelist():
        name = member.removeprefix("tensorflow/")
        if name in LIBRARIES:
            name = f"lib/{name}"
        elif member.endswith("/") or not name.startswith(HEADERS):
            continue
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)

# The names that the binding links with.
for library, names in LIBRARIES.items():
    for name in names:
        os.symlink(library, os.path.join(folder, "lib", name))
