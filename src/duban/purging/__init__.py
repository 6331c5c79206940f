"""涉密误传处置: what a purge is about, every copy of it, and the act of two persons that removes them all."""
