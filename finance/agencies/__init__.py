"""Offices with dated levels and functions, persons with dated positions, and signing in."""
