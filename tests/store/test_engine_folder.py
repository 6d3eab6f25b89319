"""The data folder: who holds it, what is in it, which engine may open it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc.errors import StoreUnavailableError
from graphsvc.store.engine import client
from graphsvc.store.engine.folder import DataFolder, Record

RECORD = Record(pid=1, control_port=2, token="t", graphsvc_version="0", bolt_port=3, generation=4)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


def test_a_lock_is_held_by_one_and_only_while_it_lives(folder: DataFolder) -> None:
    assert not folder.held()
    lock = folder.acquire()
    assert lock is not None
    assert folder.held()
    assert folder.acquire() is None
    os.close(lock)
    assert not folder.held()


def test_a_supervisor_that_does_not_answer_is_let_go(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GREETING_TIMEOUT_S", 0.05)

    async def ask() -> None:
        hung_up = asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()  # to the end: until the client closes its side
            hung_up.set()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1")
        folder.write_record(replace(RECORD, control_port=server.sockets[0].getsockname()[1]))
        assert await client.engine_status(folder.path) is None
        await asyncio.wait_for(hung_up.wait(), 10)
        server.close()

    lock = folder.acquire()
    assert lock is not None
    asyncio.run(ask())
    os.close(lock)


def test_a_child_that_inherits_the_lock_holds_it_on(folder: DataFolder) -> None:
    lock = folder.acquire()
    assert lock is not None
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,)
    ) as child:
        os.close(lock)
        assert folder.held()
        child.communicate(b"\n")
    assert not folder.held()


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    DataFolder(tmp_path).create()
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == []


def test_the_record_comes_back_as_written(folder: DataFolder) -> None:
    folder.write_record(RECORD)
    assert folder.read_record() == RECORD


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b"null", b'{"pid": 1}', b"\xff"])
def test_a_torn_record_is_no_record(folder: DataFolder, torn: bytes) -> None:
    (folder.path / "engine.json").write_bytes(torn)
    assert folder.read_record() is None


def test_passwords_are_made_once_and_made_anew_when_lost(folder: DataFolder) -> None:
    assert folder.read_passwords() is None
    first = folder.make_passwords()
    assert folder.make_passwords() == folder.read_passwords() == first
    (folder.path / "engine-passwords.json").write_bytes(b'{"root": ')
    second = folder.make_passwords()
    assert second == folder.read_passwords()
    assert {first.root, first.reader}.isdisjoint({second.root, second.reader})


@pytest.mark.parametrize(
    ("written_by", "installed"),
    [
        ("26.10.2", "26.10.2"),
        ("26.9.1", "26.10.0"),
        ("26.10.2.post1", "26.10.2"),
        ("26.10.2", "27.1.0"),
    ],
)
def test_an_older_engines_database_is_opened(
    folder: DataFolder, written_by: str, installed: str
) -> None:
    folder.write_engine_version(written_by)
    folder.check_engine_version(installed)


@pytest.mark.parametrize(
    ("written_by", "installed"), [("26.10.2", "26.9.1"), ("27.1.0", "26.12.9")]
)
def test_a_newer_engines_database_is_refused(
    folder: DataFolder, written_by: str, installed: str
) -> None:
    folder.write_engine_version(written_by)
    with pytest.raises(StoreUnavailableError, match=f"{written_by}.*{installed}"):
        folder.check_engine_version(installed)
