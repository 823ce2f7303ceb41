"""Work done later by worker processes: a table of jobs claimed by lease."""
