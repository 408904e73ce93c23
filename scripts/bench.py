"""Makes made-up customers, runs plugipay-batch on them, prints medians. See scripts/bench."""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

SEED = 20260401
FIRST = "Ada Bea Chloé Dario Edda Farid Grażyna Hana Ingo Jörg Kemal Lucía Mirée Noor Ōta Paul".split()
LAST = "Abara Bakker Costa Dvořák Eze Fischer Gómez Haile Ito Jansen Kaya Łuczak Moreau Nuñez".split()
CITIES = "Aarhus Bogotá Córdoba Dakar Erfurt Florence Göteborg Hanoi İzmir Jakarta 京都 Kraków".split()
HEADER = "externalId,email,name,phone,taxId,metadata.city,metadata.note\r\n"


class Run(NamedTuple):
    seconds: float
    cpu: float
    peak_bytes: int
    output: bytes


def person(number: int, rng: random.Random) -> str:
    """One record of some 110 bytes: about a third with quoted cells, some with newlines and doubled
    quotes in them."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    name = f"{first} {last}"
    kind = rng.random()
    note = ""
    if kind < 0.10:
        name = f'"{last}, {first}"'
    elif kind < 0.20:
        note = f'"said ""call me {first}"" in {rng.choice(CITIES)}"'
    elif kind < 0.30:
        note = f'"first line, {first}\nsecond line, {last}"'
    else:
        note = f"since {rng.randrange(2001, 2026)}; pays by card"
    phone = f"+1 202 555 {rng.randrange(100, 200):04d}" if rng.random() < 0.8 else ""
    tax = f"X{rng.randrange(10**9):09d}" if rng.random() < 0.5 else ""
    email = f"{last[:1].lower() if last.isascii() else 'x'}.{number}@mail{number % 97}.example.com"
    return f"user_{number:08d},{email},{name},{phone},{tax},{rng.choice(CITIES)},{note}\r\n"


def write_people(path: Path, rows: int | None = None, size: int | None = None) -> int:
    """Writes `rows` records, or as many as make `size` bytes; returns how many."""
    rng = random.Random(SEED)
    written, number = 0, 0
    with path.open("wb") as file:
        file.write(HEADER.encode())
        while (rows is None or number < rows) and (size is None or written < size):
            block = "".join(
                person(number + offset, rng)
                for offset in range(1000 if rows is None else min(1000, rows - number))
            ).encode()
            number += 1000 if rows is None else min(1000, rows - number)
            written += file.write(block)
    return number


def run(command: list[str], folder: Path) -> Run:
    """Runs to the end; the peak is the child's own, from wait4."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLUGIPAY_")}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            sys.stderr.buffer.write(errors.read()[-4000:])
            sys.exit(f"bench: exit code {child.returncode}: {' '.join(command)}")
        output.seek(0)
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * unit,
            output.read(),
        )


def check_counts(result: Run, rows: int, status: str) -> None:
    """A quick wrong answer is worth nothing: every row must have ended as expected."""
    counts = json.loads(result.output)["counts"]
    if counts["read"] != rows or counts[status] != rows:
        sys.exit(f"bench: expected {rows} rows {status}, found {counts}")


def median(results: list[Run], member: str) -> float:
    return statistics.median(getattr(result, member) for result in results)


def machine() -> str:
    model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.system()} {platform.release()}"
    )


def table(lines: list[tuple[str, str, str, str]]) -> None:
    header = ("what", "median", "goal", "runs")
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(4)]
    for line in [header, tuple("-" * width for width in widths), *lines]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def bench_validate(program: str, folder: Path, size: int, runs: int) -> list[tuple]:
    file = folder / "validate.csv"
    rows = write_people(file, size=size)
    bytes_on_disk = file.stat().st_size
    results = []
    for number in range(runs):
        work = folder / f"validate-{number}"
        work.mkdir()
        results.append(run([program, "validate", str(file), "--json", "--quiet"], work))
        check_counts(results[-1], rows, "valid")
        shutil.rmtree(work)
    megabytes = bytes_on_disk / 1e6
    bound = 64 + rows * 16 / 2**20
    what = f"validate, {megabytes:.0f} MB CSV, {rows} rows"
    return [
        (what, f"{megabytes / median(results, 'seconds'):.0f} MB/s", "300 MB/s", str(runs)),
        ("  CPU", f"{median(results, 'cpu'):.2f} s", "", str(runs)),
        (
            "  peak memory",
            f"{median(results, 'peak_bytes') / 2**20:.0f} MiB",
            f"{bound:.0f} MiB",
            str(runs),
        ),
    ]


def bench_sandbox(program: str, folder: Path, rows: int, runs: int) -> list[tuple]:
    """Imports the same rows into a new book each time, and exports that book."""
    file = folder / "import.csv"
    write_people(file, rows=rows)
    imports, exports = [], []
    for number in range(runs):
        work = folder / f"import-{number}"
        work.mkdir()
        common = ["--sandbox", "--sandbox-database", "book.sqlite", "--json", "--quiet"]
        imports.append(run([program, "import", str(file), *common], work))
        check_counts(imports[-1], rows, "created")
        exports.append(run([program, "export", "-o", "book.jsonl.gz", *common], work))
        check_counts(exports[-1], rows, "read")
        shutil.rmtree(work)
    return sandbox_lines("import", rows, "3000 rows/s", imports) + sandbox_lines(
        "export to .jsonl.gz", rows, "", exports
    )


def sandbox_lines(what: str, rows: int, goal: str, results: list[Run]) -> list[tuple]:
    runs = str(len(results))
    peak = median(results, "peak_bytes") / 2**20
    return [
        (
            f"{what}, {rows} rows, sandbox",
            f"{rows / median(results, 'seconds'):.0f} rows/s",
            goal,
            runs,
        ),
        ("  CPU of both", f"{median(results, 'cpu'):.2f} s", "", runs),
        ("  peak memory of both", f"{peak:.0f} MiB", "", runs),
    ]


def bench_start(program: str, folder: Path, runs: int) -> list[tuple]:
    results = [run([program, "--version"], folder) for _ in range(runs)]
    return [
        (
            "start-up (--version)",
            f"{median(results, 'seconds') * 1000:.0f} ms",
            "100 ms",
            str(runs),
        )
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("program", help=argparse.SUPPRESS, nargs="?")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the CSV (100)")
    parser.add_argument("--rows", type=int, default=50_000, help="rows imported (50000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of validate (5); import has 3")
    options = parser.parse_args()
    if options.program is None:
        parser.error("start it as scripts/bench")

    version = subprocess.check_output([options.program, "--version"], text=True).strip()
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    print(f"plugipay-batch {version}, release build, {now}\n{machine()}\n")
    # Beside the build, not in /tmp: that may be memory, or small.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=".build") as name:
        folder = Path(name).resolve()
        table(
            bench_start(options.program, folder, 20)
            + bench_validate(options.program, folder, options.megabytes * 10**6, options.runs)
            + bench_sandbox(options.program, folder, options.rows, min(3, options.runs))
        )


if __name__ == "__main__":
    main()
