"""Says plainly that the interpreter is too old, before anything is installed."""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; name one with PYTHON=…")
