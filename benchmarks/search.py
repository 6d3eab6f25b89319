"""How fast names are found among 100,000 things, in one process.

    python benchmarks/search.py [--things 100000] [--seed 1]

A seeded generator invents things with a Korean name, an English name, and aliases: a short form,
an acronym, for companies the name with ㈜. Printed: how long the index takes to build and how much
memory it holds; then p50, p95 and p99 in milliseconds of

- each keystroke of `mode=prefix`: names typed key by key, as an input method shows them (ㅅ, 사,
  산, 산ㅇ, 산어, 산업), English names letter by letter, Hangul on a Latin keyboard, and initial
  consonants one by one;
- `mode=full`: whole names, parts of names, words in common use, names with a particle, names with
  a typo, English names with one, and texts like no name;
- the keystrokes once more through the whole service: request in, JSON out. Only the network is
  left out, and the database, which a search does not ask once the index is there.

Times are given on the clock, and as processor time of the searching thread, which says what a
machine with nothing else to do would need. Nothing is kept between two searches.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import yaml

from graphsvc import paths
from graphsvc.api.http.live_graph import GraphVersion
from graphsvc.app import create_app
from graphsvc.model import hangul
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.settings import Settings
from graphsvc.usecases.about.named_queries import named_queries
from graphsvc.usecases.search.finding import Mode, find
from graphsvc.usecases.search.name_index import NameIndex, Thing

TYPED = 200
"""Names that are typed, and texts of each kind that are searched in full."""

_SYLLABLES = (
    "가강경고광구군기김나남노다대덕도동두라로명모무문미민바박백보부북사산상서석선성세소송수시신아안"
    "양여연영오온용우운울원유은의이인일임자장전정제조주중지진창천청초춘충태포평하한해현호홍화황흥"
)
_PLACES = ("한국", "국립", "서울", "부산", "강원", "충남", "전남", "경북", "창원", "대전", "")
_SECTORS = list(
    zip(
        ("바이오", "의료기기", "첨단소재", "반도체", "인공지능", "로봇", "에너지", "정밀화학"),
        ("Bio", "Medical Device", "Materials", "Chip", "AI", "Robotics", "Energy", "Chemical"),
        strict=True,
    )
)
_BODIES = (
    ("연구원", "Research Institute", "ResearchInstitute"),
    ("진흥원", "Promotion Agency", "PublicAgency"),
    ("지원센터", "Support Center", "Center"),
    ("산업협회", "Industry Association", "Association"),
    ("육성 사업", "Fostering Program", "Program"),
    ("기반 구축 사업", "Infrastructure Program", "Program"),
    ("테크", "Tech", "Company"),
    ("시스템", "Systems", "Company"),
    ("랩", "Labs", "Company"),
    ("전자", "Electronics", "Company"),
)


def main() -> None:
    """Generate, build, search, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    invented = list(things(arguments.things, chance))
    index = built(invented)

    print("\n| texts | mode | searches | p50 | p95 | p99 | processor p95 |")
    print("|---|---|---:|---:|---:|---:|---:|")
    typed = chance.sample(invented, TYPED)
    strokes = keystroke_sets(typed)
    for what, texts in strokes.items():
        measured(index, what, texts, "prefix")
    for what, texts in full_sets(typed, chance).items():
        measured(index, what, texts, "full")
    through_the_service(index, [text for texts in strokes.values() for text in texts])


def things(count: int, chance: random.Random) -> Iterator[Thing]:
    """Invented things, the same for the same state of chance; a few have most relationships."""
    for number in range(count):
        local = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3))))
        sector, sector_en = chance.choice(_SECTORS)
        body, body_en, kind = chance.choice(_BODIES)
        middle = chance.choice(("", "·미래", " 스마트", "·융합"))
        name = f"{chance.choice(_PLACES)}{local}{sector}{middle} {body}"
        latin = "".join(
            f"{'gndrmbsjchkt'[ord(letter) % 12]}{'aeiou'[ord(letter) % 5]}" for letter in local
        )
        name_en = f"{latin.title()} {sector_en} {body_en}"
        aliases = [f"{local}{sector[:2]}{body[:1]}", f"{latin[::2]}{sector_en[0]}{number}".upper()]
        if kind == "Company":
            name_en += chance.choice((" Co., Ltd.", ", Inc.", ""))
            aliases.append(f"㈜{name}")
        degree = int(chance.paretovariate(1.2))
        yield Thing(f"thing-{number}", kind, name, name_en, tuple(aliases), degree)


def built(invented: Sequence[Thing]) -> NameIndex:
    """The index, its time and the memory it added to the process."""
    gc.collect()
    before, start, cpu = _memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    index = NameIndex(invented)
    taken, cpu = time.perf_counter() - start, time.process_time() - cpu
    gc.collect()
    print(
        f"{len(index.things):,} things, {len(index.keys):,} names: built in {taken:.1f} s"
        f" ({cpu:.1f} s of processor time), {_memory_mb('VmRSS') - before:.0f} MB held,"
        f" {_memory_mb('VmHWM') - before:.0f} MB at the peak"
    )
    return index


def _memory_mb(what: str) -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def keystroke_sets(typed: Sequence[Thing]) -> dict[str, list[str]]:
    """What stands in the field after each key."""
    return {
        "Korean names, each key": [text for thing in typed for text in as_typed(thing.name)],
        "English names, each key": [text for thing in typed for text in _beginnings(thing.name_en)],
        "Korean on a Latin keyboard": [
            text
            for thing in typed
            for text in _beginnings(hangul.typed_as_latin(thing.name.split()[0]))
        ],
        "initial consonants": [
            text for thing in typed for text in _beginnings(hangul.initials(thing.name.split()[0]))
        ],
    }


def as_typed(name: str) -> Iterator[str]:
    """The name key by key, as an input method composes it."""
    for typed in _beginnings(hangul.typed_as_latin(name)):
        yield hangul.typed_as_hangul(typed)


def _beginnings(text: str) -> list[str]:
    return [text[:end] for end in range(1, len(text) + 1)]


def full_sets(typed: Sequence[Thing], chance: random.Random) -> dict[str, list[str]]:
    """Texts that are searched in full."""
    common = ["바이오", "연구", "지원센터", "스마트 로봇 사업", "center", "Support Center", "ㅎㄱ"]
    return {
        "whole names": [thing.name for thing in typed],
        "parts of names": [thing.name[3:9] for thing in typed],
        "words in common use": common * (TYPED // len(common)),
        "names with a particle": [f"{thing.name}에서" for thing in typed],
        "names with a typo": [_with_typo(thing.name, "가나다라마", chance) for thing in typed],
        "English names with a typo": [_with_typo(t.name_en, "aeinrt", chance) for t in typed],
        "texts like no name": ["".join(chance.choices("abcdefghijk", k=12)) for _ in typed],
    }


def _with_typo(text: str, letters: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(text) - 1)
    return f"{text[:place]}{chance.choice(letters)}{text[place + 1 :]}"


def measured(index: NameIndex, what: str, texts: Sequence[str], mode: Mode) -> None:
    """Search for each text and print a line."""

    def one(text: str) -> None:
        find(index, text, mode=mode, limit=20)

    clock, cpu = _times(one, texts)
    _print_line(what, mode, clock, cpu)


def _times(one: Callable[[str], Any], texts: Sequence[str]) -> tuple[list[float], list[float]]:
    clock, cpu = [], []
    for text in texts:
        start, start_cpu = time.perf_counter(), time.thread_time()
        one(text)
        clock.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.thread_time() - start_cpu))
    return clock, cpu


def _print_line(what: str, mode: str, clock: list[float], cpu: list[float]) -> None:
    p50, p95, p99 = np.percentile(clock, (50, 95, 99))
    print(
        f"| {what} | {mode} | {len(clock):,} | {p50:.1f} | {p95:.1f} | {p99:.1f} |"
        f" {np.percentile(cpu, 95):.1f} |"
    )


def through_the_service(index: NameIndex, texts: Sequence[str]) -> None:
    """The keystrokes as requests to the application, whose graph has this index already."""
    app = create_app(Settings())
    app.state.graph = _GraphOf(index)

    async def work() -> tuple[list[float], list[float]]:
        transport = httpx.ASGITransport(app=app)
        clock, cpu = [], []
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            for text in texts:
                start, start_cpu = time.perf_counter(), time.thread_time()
                response = await client.get(f"/v1/search?mode=prefix&q={quote(text)}")
                clock.append(1000 * (time.perf_counter() - start))
                cpu.append(1000 * (time.thread_time() - start_cpu))
                response.raise_for_status()
        return clock, cpu

    _print_line("all keystrokes, as requests", "prefix", *asyncio.run(work()))


class _GraphOf:
    """Stands where the application has its graph, with one version that holds an index."""

    def __init__(self, index: NameIndex) -> None:
        text = (paths.packaged_seed_dir() / "vocabulary.yaml").read_text("utf-8")
        self._vocabulary = Vocabulary.model_validate(yaml.safe_load(text))
        self._index = index
        self._version: GraphVersion | None = None

    async def now(self) -> GraphVersion:
        """The one version."""
        if self._version is None:
            state: Any = SimpleNamespace(version=1, loaded_at="", vocabulary_hash="")
            nothing: Any = None
            queries = named_queries(Settings())
            self._version = GraphVersion(nothing, nothing, state, self._vocabulary, queries)

            async def made() -> NameIndex:
                return self._index

            await self._version.compute_once("names", made)
        return self._version

    def known_vocabulary(self) -> Vocabulary:
        """The vocabulary."""
        return self._vocabulary


if __name__ == "__main__":
    main()
