"""The reviewer's desk: what waits, the board of the round, and the sheets of one estimate."""
