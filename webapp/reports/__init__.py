"""Pages of the consolidation: one table of the round's money, three ways to lay it out."""
