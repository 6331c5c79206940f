"""The system's view, the office's determination, urging, and supervision orders."""
