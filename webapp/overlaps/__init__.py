"""Pages of the overlap radar: pairs of requests side by side for reviewers, quiet hints for the agency."""
