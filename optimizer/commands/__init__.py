"""One file per verb of ``python -m optimizer``: what it takes, what it does, what it tells."""
