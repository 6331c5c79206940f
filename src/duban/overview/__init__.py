"""Read only: figures that cross several apps, one function for each, for pages and papers alike."""
