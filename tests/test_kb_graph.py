"""The graph: what is in it, boxes that do not overlap, words that are not cut."""

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_fixture import cause, metric, rule, symptom, write

from salesdx.cli import run
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import LANGUAGES, Language, Text
from salesdx.render.charts.svg import text_width
from salesdx.workbench.graph import Edge, Node, neighbourhood, whole
from salesdx.workbench.graph_layout import arrange
from salesdx.workbench.graph_picture import around, overview
from salesdx.workbench.graph_shapes import BOX, SIZE, boxed, wrapped

TITLE = Text(en="All", ru="Все")
HOSTILE = "</title><script>alert(1)</script>&" + "x" * 90


def one(name: str, **more: Any) -> dict[str, Any]:
    title = {"en": f"Title of {name}", "ru": f"Название {name}"}
    return cause(name, [rule("r", {"a": "< 0.5"})], **({"title": title} | more))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """A chain r -> a -> b -> c -> d, rivals a and x, a ring p <-> q."""
    folder = write(
        tmp_path_factory.mktemp("base"),
        metrics=[metric("a")],
        symptoms=[symptom("low", {"a": "< 0.5"}), symptom("other", {"a": "< 0.4"})],
        causes=[
            one("r", leads_to=["a"]), one("a", leads_to=["b"], explains=["low"]),
            one("b", aggravates=["c"], explains=["low", "other"]),
            one("c", leads_to=["d"]), one("d"),
            one("x", rivals=["a"], title={"en": HOSTILE, "ru": HOSTILE}),
            one("p", leads_to=["q"]), one("q", leads_to=["p"]), one("alone"),
        ],
    )  # fmt: skip
    return load(folder=folder)


def test_a_neighbourhood_goes_two_steps_from_cause_to_cause(
    base: KnowledgeBase,
) -> None:
    found = neighbourhood(base, "a")
    assert [n.key for n in found.nodes] == [
        "cause:a", "cause:b", "cause:c", "cause:r", "cause:x", "symptom:low",
    ]  # fmt: skip
    assert Edge("cause:a", "cause:x", "rival") in found.edges
    assert Edge("cause:b", "cause:c", "aggravates") in found.edges
    (low,) = [n for n in found.nodes if n.id == "low"]
    assert low.more == 1  # b shows so too


def test_the_whole_holds_every_cause_and_what_was_asked_for(
    base: KnowledgeBase,
) -> None:
    assert {n.id for n in whole(base).nodes} == set(base.causes)
    kinds = {n.kind for n in whole(base, ["symptom"]).nodes}
    assert kinds == {"cause", "symptom"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_is_sound_and_says_everything(
    base: KnowledgeBase, lang: Language
) -> None:
    pictures = [
        overview(whole(base), lang, TITLE),
        overview(whole(base, ["symptom", "remedy"]), lang, TITLE),
        *(around(neighbourhood(base, c), lang) for c in base.causes),
    ]
    assert pictures[0] == overview(whole(base), lang, TITLE)
    for svg in pictures:
        tree = ElementTree.fromstring(svg)
        tags = {e.tag.rpartition("}")[2] for e in tree.iter()}
        assert tags <= {
            "svg", "title", "desc", "defs", "marker", "path", "rect", "g", "text",
        }  # fmt: skip
        assert "<script" not in svg
    words = "".join(ElementTree.fromstring(pictures[0]).itertext())
    for c in base.causes.values():
        if c.id != "x":
            assert c.spec.title.in_(lang) in words


def spots(svg: str) -> list[tuple[float, float]]:
    """Right ends of all texts, and the width of the picture."""
    width = float(re.search(r'width="([\d.]+)"', svg)[1])  # type: ignore[index]
    texts = re.findall(
        r'<text x="([\d.-]+)"[^>]*font-size="([\d.]+)"[^>]*>([^<]*)', svg
    )
    return [(float(x) + text_width(t, float(s)), width) for x, s, t in texts]


def test_no_word_leaves_the_picture(base: KnowledgeBase) -> None:
    for name in base.causes:
        found = spots(around(neighbourhood(base, name), "ru"))
        assert all(end <= width for end, width in found)


@settings(max_examples=25)
@given(st.text(max_size=80), st.floats(40, 200))
def test_words_are_wrapped_and_none_is_lost(words: str, room: float) -> None:
    lines = list(wrapped(words, room, SIZE))
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(text_width(x, SIZE) <= room or len(x) == 1 for x in lines)


def test_a_box_grows_with_its_words() -> None:
    text = Text(en="word " * 40, ru="слово")
    node = Node("cause", "x", text, "process")
    assert boxed(node, "en").height > 2 * boxed(node, "ru").height


NAMES = list("abcdefgh")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=16))
def test_boxes_never_overlap_and_lines_pass_between(
    edges: list[tuple[str, str]],
) -> None:
    heights = {n: 40.0 + 10 * i for i, n in enumerate(NAMES)}
    plan = arrange(heights, edges)
    for a, b in itertools.combinations(NAMES, 2):
        if plan.layer[a] == plan.layer[b]:
            apart = abs(plan.middle[a] - plan.middle[b])
            assert apart >= (heights[a] + heights[b]) / 2 + 13.9
    for (start, end), way in plan.way.items():
        assert (way[0][0], way[-1][0]) == (plan.layer[start], plan.layer[end])
        for layer, y in way[1:-1]:
            for n in NAMES:
                if plan.layer[n] == layer:
                    assert abs(plan.middle[n] - y) >= heights[n] / 2
    assert plan == arrange(heights, edges)


def test_a_simple_chain_is_a_straight_line_to_the_right() -> None:
    plan = arrange({"a": 40, "b": 40, "c": 40}, [("a", "b"), ("b", "c")])
    assert [plan.layer[n] for n in "abc"] == [0, 1, 2]
    assert len({plan.middle[n] for n in "abc"}) == 1
    assert BOX > 0


def test_the_command_draws_and_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "x.svg"
    words = ["--lang", "ru", "kb", "graph", "C-36", "--out", str(out)]
    assert run([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"kind", "id", "group", "title", "title_ru"} == set(told["nodes"][0])
    assert {e["kind"] for e in told["edges"]} == {"mends", "rival", "shows"}
    assert "Низкая мотивация" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--with", "causes"], "choose from symptoms, remedies"),
        (["low-motivation", "--with", "symptoms"], "shows its symptoms"),
        (["low-motivaton"], "low-motivation"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "kb", "graph", *words]) == 2
    assert says in " ".join(capsys.readouterr().err.split())
