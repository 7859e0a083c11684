"""The page of all figures is made from their declarations and up to date."""

from pathlib import Path

import pytest

from salesdx.knowledge.load import load
from salesdx.language import Language
from salesdx.workbench.metric_page import PAGES, metric_page, write

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_of_figures_is_up_to_date(language: Language) -> None:
    there = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    assert there == metric_page(load(), language), (
        "run: python -m salesdx.workbench.metric_page docs"
    )


def test_every_figure_has_a_row_of_its_own(tmp_path: Path) -> None:
    write(tmp_path)
    base = load()
    for name in PAGES.values():
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        rows = [line for line in lines if line.startswith("| ")][2:]
        assert len(rows) == len(base.metrics)
        for metric, row in zip(base.metrics, rows, strict=True):
            assert f"| `{metric}`" in row
            assert row.replace("\\|", "").count("|") == 7
