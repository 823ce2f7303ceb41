"""Overlap radar: requests that ask for the same thing, found by words and scope, closed by a decision."""
