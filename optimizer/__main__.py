"""The door for files: ``python -m optimizer VERB ...`` without a database, Flask or the rest of the program.

Exit codes: 0 a plan was found and audited, or the plan keeps every rule; 1 (verify) the plan breaks a rule;
2 the file or command is wrong, every mistake listed; 3 no feasible plan, confirmed; 4 stopped without a
plan, or the solver failed. Answers in words go to standard output, refusals and progress to standard error;
with --json one JSON object goes to standard output and everything else to standard error.

What is imported up here loads next to nothing: told to end, the program must end in words from its first
moment on (optimizer.commands.early_end).
"""

from __future__ import annotations

import sys

from optimizer.commands.early_end import close_the_ears, listen_from_now_on


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    from optimizer.commands.program import run_verb  # takes time to load

    return run_verb(arguments)


def _run_as_program() -> int:
    """Run the verb of the command line, heeding the interrupt key from beginning to end."""
    listen_from_now_on()
    # Only now, with the ears open, what takes time to load.
    from optimizer.commands.interruption import ending_on_interrupt
    from optimizer.commands.program import run_verb, speak_vietnamese

    speak_vietnamese()
    with ending_on_interrupt():
        return run_verb(on_answer=close_the_ears)


if __name__ == "__main__":
    sys.exit(_run_as_program())
