"""Pages of one spending norm: what it says, its versions and examples, writing, replacing, repealing it."""
