"""The notebook runs as it stands, over the packaged facts in the embedded database."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import load_settings
from graphsvc.store.database import Database
from graphsvc.usecases.loading.load import load

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "network-analysis.ipynb"

pytestmark = pytest.mark.anyio


@pytest.mark.embedded_only
async def test_the_notebook_runs_and_finds_what_networkx_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    async with await Database.open(load_settings(data_dir=tmp_path)) as database:
        await load(database, read_seed(packaged_seed_dir()))
        monkeypatch.setenv("GRAPHSVC_DATA_DIR", str(tmp_path))
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
        await client.async_execute()
    said = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "execute_result"
    ]
    most_different = float(said[2])
    assert most_different < 1e-9
    assert "산업통상자원부" in said[1]
