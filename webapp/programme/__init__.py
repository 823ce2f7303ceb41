"""Pages of the programme: contents of reform, targets, tasks, sources, norms, classification."""
