"""Speed measured beside peers: the same problem, the same run, one thread, CPU seconds, ratios.

One file per goal. What a goal promises is a ratio to a named peer, so that it holds on any machine; what
cannot be judged here (an engine that is missing, a busy machine) is said instead of guessed.
"""
