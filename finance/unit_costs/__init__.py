"""Unit-cost bands: what the province's own appraised and allocated lines cost before, with their spread."""
