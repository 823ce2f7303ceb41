"""Appraisal: opinions on content and pool, and appraised figures line by line beside the asked ones."""
