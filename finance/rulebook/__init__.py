"""The rules an estimate is checked by: in words, with their legal basis, and how strict they are by dates."""
