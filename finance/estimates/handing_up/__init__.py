"""What an office below hands to the office above it, by when, and what comes along."""
