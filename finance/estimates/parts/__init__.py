"""What co-agencies ask in another office's project: lines, frame, charge to their own figure."""
