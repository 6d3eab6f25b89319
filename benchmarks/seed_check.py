"""How long a large seed takes to read and check.

    python benchmarks/seed_check.py [--facts 10000] [--seed 1]

Writes a seed of invented names into a temporary folder from a seeded generator and prints the
time `graphsvc seed check` needs for it, without and with the verification of every locator.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from graphsvc.model.evidence import digest_of
from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed

FACTS_A_DOCUMENT = 100
FACTS_AN_ENTITY = 5
KINDS = {"Ministry": 0.02, "Center": 0.18, "Company": 0.7, "Program": 0.1}


def main() -> None:
    """Generate, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--facts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder, arguments.facts, random.Random(arguments.seed))
        size = sum(path.stat().st_size for path in folder.rglob("*.yaml"))
        print(f"{arguments.facts:,} facts, {size / 2**20:.1f} MiB of YAML")
        for articles in (None, folder / "articles"):
            start, cpu = time.perf_counter(), time.process_time()
            seed = read_seed(folder, articles)
            taken = time.perf_counter() - start
            cpu = time.process_time() - cpu
            what = "checked" if articles is None else "checked with every locator verified"
            counts = f"{len(seed.facts):,} facts, {len(seed.entities):,} entities"
            print(f"{what}: {taken:.2f} s ({cpu:.2f} s of processor time), {counts}")


def generate(folder: Path, count: int, rng: random.Random) -> None:
    """Write a valid seed of `count` facts; the same generator state gives the same files."""
    for part in ("entities", "facts", "articles"):
        (folder / part).mkdir(parents=True)
    shutil.copyfile(packaged_seed_dir() / "vocabulary.yaml", folder / "vocabulary.yaml")
    (folder / "seed.yaml").write_text(
        "id: benchmark\ntitle: Generated\nlanguage: ko\nlicence: CC0-1.0\nformat: 1\n", "utf-8"
    )
    by_kind = {
        kind: [f"{kind.lower()}-{n}" for n in range(max(2, int(count / FACTS_AN_ENTITY * share)))]
        for kind, share in KINDS.items()
    }
    for kind, ids in by_kind.items():
        _write_entities(folder, kind, ids)
    documents = []
    for position in range(0, count, FACTS_A_DOCUMENT):
        document = f"document-{position // FACTS_A_DOCUMENT}"
        facts = range(position, min(position + FACTS_A_DOCUMENT, count))
        documents.append(_write_document(folder, document, facts, by_kind, rng))
    text = "documents:\n" + "".join(documents)
    (folder / "documents.yaml").write_text(text, "utf-8")


def _write_entities(folder: Path, kind: str, ids: list[str]) -> None:
    entities = "".join(
        f"  - id: {name}\n    name: 가상의 {kind} {n}호\n    name_en: Invented {kind} no. {n}\n"
        f"    name_en_translated: true\n    aliases: [별칭 {kind} {n}, {kind.upper()}_{n}]\n"
        for n, name in enumerate(ids)
    )
    path = folder / "entities" / f"{kind.lower()}.yaml"
    path.write_text(f"kind: {kind}\nentities:\n{entities}", "utf-8")


def _write_document(
    folder: Path,
    document: str,
    numbers: range,
    by_kind: dict[str, list[str]],
    rng: random.Random,
) -> str:
    lines, facts = [], []
    for paragraph, number in enumerate(numbers, 1):
        line = f"{number}번 문장은 지어낸 것이며 금액은 {rng.randrange(10**6)}만 원이다."
        lines.append(line)
        evidence = (
            f'{{document: {document}, at: "p{paragraph}:0-12", digest: "{digest_of(line[:12])}"}}'
        )
        facts.append(_fact(number, by_kind, rng) + f"    evidence:\n      - {evidence}\n")
    article = ("\n\n".join(lines) + "\n").encode()
    (folder / "articles" / f"{document}.txt").write_bytes(article)
    (folder / "facts" / f"{document}.yaml").write_text("facts:\n" + "\n".join(facts), "utf-8")
    return (
        f"  - id: {document}\n    publisher: 지어낸 신문\n    published: null\n"
        f'    sha256: "{hashlib.sha256(article).hexdigest()}"\n    description: Invented.\n'
    )


def _fact(number: int, by_kind: dict[str, list[str]], rng: random.Random) -> str:
    day = date(1990, 1, 1) + timedelta(days=rng.randrange(15_000))
    period = rng.choice([f"{day}", f"{day:%Y-%m}", f"{day:%Y}/..", f"../{day:%Y}"])
    pick = {kind: rng.choice(ids) for kind, ids in by_kind.items()}
    head = f"  - id: fact-{number}\n"
    tail = f'    period: "{period}"\n    modality: actual\n    basis: stated\n'
    money = f"amount: {rng.randrange(1, 10**6) * 10**6}, currency: KRW"
    match number % 4:
        case 0:
            return (
                f"{head}    subject: {pick['Ministry']}\n    type: FUNDS\n"
                f"    object: {pick['Center']}\n    program: {pick['Program']}\n"
                f"    money: {{{money}, stage: selected, source: national}}\n{tail}"
            )
        case 1:
            return (
                f"{head}    subject: {pick['Center']}\n    type: SUPPORTS\n"
                f"    object: {pick['Company']}\n    program: {pick['Program']}\n{tail}"
            )
        case 2:
            return (
                f"{head}    funders: [{pick['Ministry']}]\n    recipients: [{pick['Center']}]\n"
                f"    money: {{{money}, stage: announced, source: mixed}}\n{tail}"
            )
        case _:
            return (
                f"{head}    subject: {pick['Company']}\n    metric: sales\n"
                f"    money: {{{money}}}\n{tail}"
            )


if __name__ == "__main__":
    main()
