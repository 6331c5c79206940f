"""Says plainly that the interpreter is too old, before anything is installed."""
