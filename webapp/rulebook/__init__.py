"""Pages of the rules estimates are checked by: in words, with their basis, and from when they block."""
