"""The annual reform plan of an office: what it does in a year, appraised, issued, and what it costs."""
