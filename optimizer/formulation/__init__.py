"""The allocation as a linear model in PuLP, one readable file per family of rules.

choices → limits → links → outcomes by kind (quantity, coverage, milestone) → stages; assemble puts them
together. Names of variables and rows come from positions in the sorted problem, never from texts.
"""
