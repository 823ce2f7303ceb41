"""Doors to the solvers: one small interface, each engine behind it in its own file.

An engine never decides what a plan is worth: it proposes, the exact audit disposes. Its status, bound and
gap are read from the engine itself, never from PuLP's LpStatus (which says "Optimal" after a time limit).
"""
