#!/bin/sh
# Answers as a Python would that has no venv: what Debian's does until python3-venv is installed.
echo '["/usr/bin/python3", 3, 11, false]'
