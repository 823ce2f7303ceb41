"""Spending norms that know the law: versions by dates, examples that must pass, lines affected."""
