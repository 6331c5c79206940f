"""Official text -> task list: records with spans, findings for every doubt, and proof that nothing was lost."""
