"""transition: how much each agency's autonomous block is while headcount gives way to results."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.reporting import Told, say, write_json

HELP = "chia kinh phí tự chủ theo lộ trình chuyển từ biên chế sang kết quả"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the file of the transition and where its answer goes."""
    parser.add_argument(
        "transition", metavar="LỘ_TRÌNH", type=Path, help="tệp lộ trình (phanbo-transition/1)"
    )
    parser.add_argument("--out", metavar="TỆP", type=Path, help="tệp kết quả (phanbo-transition-answer/1)")


def run(asked: Namespace) -> Told:
    """Share out every year and say what each agency gets and why."""
    from optimizer.transition.blocks import run_transition
    from optimizer.transition.exchange import blocks_to_json, read_transition

    transition = read_transition(asked.transition.read_text(encoding="utf-8"))
    years = run_transition(transition)
    data = blocks_to_json(transition.title, years)
    if asked.out is not None:
        write_json(asked.out, data)
    for year in years:
        say(*year.sentences)
        for block in year.agencies:
            say(*(f"  {sentence}" for sentence in block.sentences))
    return FOUND, {"transition": data}
