"""Commands of finance and of the web are read, and refused, in the same words as the optimizer's."""

from optimizer.commands.vietnamese_parser import VietnameseParser

__all__ = ["VietnameseParser"]
