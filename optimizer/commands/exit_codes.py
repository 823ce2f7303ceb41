"""How every verb ends, as docs/optimizer.md promises."""

FOUND, BROKEN, INVALID, INFEASIBLE, FAILED = 0, 1, 2, 3, 4
