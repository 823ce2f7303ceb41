"""Synthetic problems for benchmarks and tests: everything invented, every chance from a stated seed."""
