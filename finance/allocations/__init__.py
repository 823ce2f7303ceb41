"""The decision: a plan adopted, awards changed with reasons, approved with number and date."""
