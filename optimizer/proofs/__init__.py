"""What anyone can re-add: bounds from prices, and proofs by cases, in exact fractions."""
