"""Vietnamese text, kept at the bottom: searching, sorting, amounts in words, dates, normal form."""
