"""Last year's or another office's project as the beginning of a new one, with prices brought up to date."""
