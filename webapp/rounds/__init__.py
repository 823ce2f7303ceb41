"""Pages of the estimate rounds: stages, money there is, control figures, measured results."""
