"""The program with its imports done: each start is a fork of it, which is then killed as any process is.

Reading the program's code anew takes longer than all else that happens between two kills and has no
part in what they prove. Started by RunningProgram; ends when its standard input does.
"""

from __future__ import annotations

import gc
import json
import os
import sys

from webapp.commands import main as phanbo


def main() -> None:
    """Do one wish after the other: start a program and say its id, or say how one ended."""
    for line in sys.stdin:
        wish = json.loads(line)
        print(_start(wish["start"], wish["words"]) if "start" in wish else _end_of(**wish), flush=True)


def _start(arguments: list[str], words: str) -> int:
    """Id of a new process, leader of a group of its own, whose words go to the end of a file."""
    number = os.fork()
    if number == 0:
        # Whatever happens, the copy must never come back to the loop above.
        try:
            os.setsid()
            _talk_to(words)
            os._exit(phanbo(arguments))
        except BaseException:
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
        finally:
            os._exit(1)
    return number


def _talk_to(words: str) -> None:
    """Nothing to read, and one file for what is said and complained."""
    for descriptor, (file, flags) in enumerate(
        ((os.devnull, os.O_RDONLY), (words, os.O_WRONLY | os.O_APPEND | os.O_CREAT))
    ):
        opened = os.open(file, flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.dup2(1, 2)


def _end_of(process: int, is_awaited: bool) -> str:
    """Exit code as subprocess gives it; "null" while it lives and is not waited for."""
    ended, status = os.waitpid(process, 0 if is_awaited else os.WNOHANG)
    return json.dumps(os.waitstatus_to_exitcode(status) if ended else None)


if __name__ == "__main__":
    gc.freeze()  # what is shared stays shared: the copies start sooner
    main()
