"""Pages of the administrator: offices, persons, positions, the demonstration's clock."""
