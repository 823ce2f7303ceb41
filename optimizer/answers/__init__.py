"""Answers to the questions that follow a plan: why in, why out, at what price."""
