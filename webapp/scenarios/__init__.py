"""The planner's desk: set a scenario up, run it, read it, see why, compare."""
