"""Goal 9: the peak of memory at 20,000 candidates, each way in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from optimizer.bench.bare_highs import arrays_of, write_arrays
from optimizer.bench.findings import Finding
from optimizer.bench.measuring import cpu_seconds
from optimizer.bench.occasion import LARGEST, PROVINCE, Occasion

TITLE = "Peak of memory, each in a process of its own"
OURS, BARE = "ours, loaded live, relaxation", "highspy direct, arrays, relaxation"
WHOLE = "ours, to an audited plan within 0.05 %"
WAYS = {OURS: "ours", BARE: "arrays", WHOLE: "plan"}


def measure_memory(occasion: Occasion) -> Finding:
    """Measure goal 9 at the largest size of the run."""
    finding = Finding(9, TITLE)
    sizes = [size for size in (PROVINCE, LARGEST) if size in occasion.sizes]
    for projects in sizes:
        peaks = {}
        with TemporaryDirectory() as folder:
            arrays = Path(folder) / "arrays.npz"
            write_arrays(arrays, arrays_of(occasion.model(projects)))
            for who, way in WAYS.items():
                if who == WHOLE and projects != LARGEST:
                    continue  # a province's size is where proof takes long, not where memory is short
                occasion.told(f"goal 9, P={projects}, {who}")
                began = cpu_seconds()
                peaks[who] = _peak_megabytes(way, projects, occasion.seeds[0], arrays)
                finding.measured(who, projects, cpu_seconds() - began, f"{peaks[who]:.0f} MB")
        if projects == LARGEST:
            finding.at_most("of highspy direct's peak, P=20,000", peaks[OURS] / peaks[BARE], 1.6)
    if LARGEST not in sizes:
        finding.remark("The goal speaks of P=20,000, which this run leaves out: nothing is judged.")
    finding.remark("All processes hold the same problem as Python objects; highspy gets finished arrays.")
    return finding


def _peak_megabytes(way: str, projects: int, seed: int, arrays: Path) -> float:
    command = [
        sys.executable,
        "-m",
        "optimizer.bench.memory_probe",
        way,
        str(projects),
        str(seed),
        str(arrays),
    ]
    # Our own program with arguments of our own.
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return int(done.stdout.split()[0]) / 1024
