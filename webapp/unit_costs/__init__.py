"""Pages of unit-cost bands: the whole table for reviewers, one line beside its band, hints for the agency."""
