"""The impact report for programs: complete, English with `_ru` beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from salesdx.errors import SalesdxError
from salesdx.language import Text
from salesdx.workbench.attribution import Proof
from salesdx.workbench.difference_data import edit_data, version_data
from salesdx.workbench.difference_words import Words
from salesdx.workbench.impact_grounds import CheckMove, Ground, Link, RuleState
from salesdx.workbench.impact_report import (
    Action,
    CaseImpact,
    Impact,
    Named,
    Row,
    Standing,
)

Data = dict[str, Any]


def as_data(told: Impact) -> Data:
    """The whole report."""
    words = Words(told.old.knowledge(), told.new.knowledge())
    return {
        "old": version_data(told.old.name, told.old.knowledge()),
        "new": version_data(told.new.name, told.new.knowledge()),
        "cases": {
            "replayed": len(told.cases),
            "changed": len(told.changed),
            "points_only": len(told.moved),
            "unchanged": len(told.cases) - len(told.changed) - len(told.moved),
            "faulty": len(told.faulty),
            "verdicts": sum(len(c.turned) for c in told.cases),
        },
        "edits": [_edit(told, e.id, edit_data(e, words)) for e in told.edits],
        "causes": _causes(told),
        "changed": [_case(c) for c in told.cases if c.any],
        "faulty": [{"case": name, **_error(error)} for name, error in told.faulty],
    }


def _edit(told: Impact, name: str, data: Data) -> Data:
    share = told.share_of(name)
    seen: Mapping[str, int] = {str(k): n for k, n in told.seen.get(name, {}).items()}
    return data | {
        "verdicts": share.verdicts,
        "cases": share.cases,
        "only_together": share.together,
        "points": share.points,
        "actions": share.actions,
        "figures": share.figures,
        "keeps": share.kept,
        "tested": not share.nothing,
        "seen": dict(sorted(seen.items())),
    }


def _causes(told: Impact) -> list[Data]:
    """Per cause how often it became likely, and how often it no longer is."""
    rows = [r for c in told.cases for r in c.turned]
    titles = {r.cause: r.title for r in rows}
    return [
        {
            "cause": cause,
            **_text("title", titles[cause]),
            "verdicts": len(mine),
            "likely_gained": sum(_likely(r.new) and not _likely(r.old) for r in mine),
            "likely_lost": sum(_likely(r.old) and not _likely(r.new) for r in mine),
        }
        for cause in sorted(titles)
        for mine in [[r for r in rows if r.cause == cause]]
    ]


def _likely(standing: Standing | None) -> bool:
    return standing is not None and standing.verdict == "likely"


def _case(case: CaseImpact) -> Data:
    return {
        "case": case.case,
        "company": case.company,
        "refused": _error(case.refused) if case.refused else None,
        "accepted": _error(case.accepted) if case.accepted else None,
        "rows": [_row(r) for r in case.rows],
        "top_gained": _names(case.top_gained),
        "top_lost": _names(case.top_lost),
        "plan_gained": [_action(a) for a in case.plan_gained],
        "plan_lost": [_action(a) for a in case.plan_lost],
        "questions_gained": _names(case.questions_gained),
        "questions_lost": _names(case.questions_lost),
        "answers_dropped": _names(case.answers_dropped),
        "answers_taken": _names(case.answers_taken),
        "unknown": _names(case.unknown),
        "figures": [
            {"metric": m.metric, "slice": dict(m.where), **_text("text", m.text),
             "old": m.old, "new": m.new}
            for m in case.figures
        ],
        "figures_by": list(case.figures_by),
        "kept": [
            {"edit": k.edit, "cause": k.cause, "slice": dict(k.where)}
            for k in case.kept
        ],
    }  # fmt: skip


def _row(row: Row) -> Data:
    return {
        "cause": row.cause,
        **_text("title", row.title),
        "slice": dict(row.where),
        "verdict_changed": row.turned,
        "old": _standing(row.old),
        "new": _standing(row.new),
        **_proof(row.proof),
        "why": [_ground(g) for g in row.grounds],
    }


def _standing(standing: Standing | None) -> Data | None:
    if standing is None:
        return None
    return {"verdict": standing.verdict, "points": standing.points}


def _proof(proof: Proof) -> Data:
    """Each of `caused_by` is a set of edits that does it without any other."""
    return {
        "caused_by": [list(s) for s in proof.sets],
        "needed_along": list(proof.needed),
        "only_together": proof.together,
        "smallest": proof.smallest,
    }


def _ground(told: Ground) -> Data:
    if isinstance(told, CheckMove):
        return {
            "kind": told.kind, **_text("text", told.text), "old": told.old,
            "new": told.new, "links": [_link(x) for x in told.links],
        }  # fmt: skip
    return {
        "kind": "rule", "rule": told.rule, "direction": told.direction,
        **_text("text", told.text), "old": _state(told.old), "new": _state(told.new),
        "links": [_link(x) for x in told.links],
    }  # fmt: skip


def _state(state: RuleState | None) -> Data | None:
    if state is None:
        return None
    return {
        "state": state.state, "points": state.points, "counted": state.counted,
        "group": state.group,
    }  # fmt: skip


def _link(link: Link) -> Data:
    return {
        "kind": link.kind, "name": link.name, **_text("text", link.text),
        **_text("old", link.old), **_text("new", link.new),
        "links": [_link(x) for x in link.links],
    }  # fmt: skip


def _action(action: Action) -> Data:
    return {"id": action.id, **_text("title", action.title), **_proof(action.proof)}


def _names(names: Sequence[Named]) -> list[Data]:
    return [{"id": n.id, **_text("title", n.title)} for n in names]


def _error(error: SalesdxError) -> Mapping[str, str]:
    return {"message": error.text("en"), "message_ru": error.text("ru")}


def _text(key: str, text: Text | None) -> Data:
    return {key: text.en if text else None, f"{key}_ru": text.ru if text else None}
