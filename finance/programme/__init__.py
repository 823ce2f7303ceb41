"""What the decision sets: areas, targets, tasks, sources, classification and norms (all data)."""
