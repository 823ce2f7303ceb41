"""The own office: who works in it, how it signs, which acts are delegated."""
