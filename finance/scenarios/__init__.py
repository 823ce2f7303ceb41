"""The bridge to the optimizer: settings, runs over appraised figures, and recorded plans."""
