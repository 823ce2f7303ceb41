"""What an estimate is held against, and what is found: pure rules over a draft and its context."""
