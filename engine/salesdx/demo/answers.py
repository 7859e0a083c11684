"""What the people of the made-up company answered, by question id.

Most answers are healthy on purpose. The ills show in the off-hours, ticket and range
answers, the false alarm in the data answers; one question is disputed, one is known
to nobody, and one claim (how many requests come off hours) is far from the data.
"""

from collections.abc import Iterator
from typing import Any

from salesdx.demo import setting

RESPONDENTS: dict[str, dict[str, str]] = {
    "owner": {"role": "owner", "name": "Савельев Игорь"},
    "head": {"role": "head_of_sales", "name": "Астахов Виктор"},
    "seller-1": {"role": "seller", "manager": "Белова", "name": "Белова Ирина"},
    "seller-2": {"role": "seller", "manager": "Громов", "name": "Громов Денис"},
    "engineer": {"role": "presales", "name": "Фомин Андрей"},
}
_YES = {
    "head": (
        "data.period-long data.segment-homogeneous data.recent-campaign"
        " funnel.entry-written funnel.stages-written funnel.durations-set"
        " funnel.stage-criteria funnel.stages-measured funnel.history-known"
        " ticket.every-request-recorded ticket.unique-number ticket.automatic-task"
        " ticket.deletable ticket.on-crm-or-erp"
        " comm.manager-informed comm.departments-read-crm comm.quote-receipt-checked"
        " comm.contract-starts-at-once comm.edits-agreed-promptly"
        " kpi.sellers kpi.head kpi.contacts-counted kpi.quotes-issued kpi.lead-to-sale"
        " mon.weekly-review mon.errors-corrected mon.below-average-discussed"
        " crm.site crm.telephony crm.email crm.messengers crm.automatic-leads"
        " crm.stage-control crm.loss-reasons crm.deals-and-tasks am.full-information"
    ),
    "owner": "mon.in-duties owner.delegated owner.others-can-solve",
    "seller-1": (
        "am.finds-buying-centre am.finds-needs bc.list bc.tasks-recorded"
        " bc.expectations-recorded odc.final-argument odc.deadline-exists"
    ),
    "engineer": "demo.adapted am.presales-rules",
}
_NO = {
    "head": (
        "data.young-excluded data.rule-changed ticket.next-task ticket.responsible"
        " ticket.closed-by-checklist ticket.loss-control ticket.lateness-control"
        " ticket.forgotten-client-noticed am.role-change odc.hesitation"
    ),
    "owner": "ticket.forgotten-client-noticed owner.growth-ceiling",
    "seller-1": "am.only-arranges-meetings",
    "seller-2": "ticket.every-request-recorded",
    "engineer": "am.presales-slower demo.instead-of-talks",
}
_VALUES: dict[str, dict[str, object]] = {
    "head": {
        "data.figure-source": "crm",
        "data.calculation-kind": "all-entries",
        "data.recent-campaign-date": setting.CAMPAIGN[0].isoformat(),
        "data.digitised": 4,
        "funnel.cycle-days": setting.MEAN_CYCLE_DAYS,
        "comm.outcome-logged": 5,
        "comm.quote-on-time": 5,
        "loss.off-hours-handling": "next_day",
        "loss.off-hours-share": 10,
        "loss.reaction-discipline": 4,
        "am.who-leads": "account-manager",
        "am.who-answers": "one",
        "am.presales-stage": "proposal",
    },
    "owner": {
        "owner.operations-share": 30,
        "why.difference": (
            "Собираем узел под проект за 3 дня и отвечаем за него 5 лет: у соседей "
            "срок 2 недели и гарантия год."
        ),
    },
    "seller-1": {"am.wait-days": 1, "bc.met-percent": 100},
}
_ABOUT_REFUSER: dict[str, object] = {
    "loss.declines-range": True,
    "loss.narrower-assignment": False,
    "loss.motivation": 4,
    "loss.professionalism": 4,
}
_UNSURE = {"loss.declines-range", "loss.motivation"}


def rows() -> list[dict[str, Any]]:
    """The rows of answers.yaml, by respondent."""
    found: list[dict[str, Any]] = []
    for by in RESPONDENTS:
        found += _plain(by)
    found += [_about_refuser(q, v) for q, v in _ABOUT_REFUSER.items()]
    for by, seller in (("seller-1", "Белова"), ("seller-2", "Громов")):
        for question, value in (
            ("funnel.entry-event", "contact"),
            ("loss.declines-range", False),
        ):
            found.append(
                {
                    "question": question,
                    "by": by,
                    "value": value,
                    "about": {"manager": seller},
                }
            )
    found.append(
        {"question": "ticket.stage-analytics", "by": "head", "state": "dont_know"}
    )
    return found


def _plain(by: str) -> Iterator[dict[str, object]]:
    for words, value in ((_YES, True), (_NO, False)):
        for question in words.get(by, "").split():
            yield {"question": question, "by": by, "value": value}
    for question, given in _VALUES.get(by, {}).items():
        yield {"question": question, "by": by, "value": given}


def _about_refuser(question: str, value: object) -> dict[str, object]:
    row: dict[str, object] = {
        "question": question,
        "by": "head",
        "value": value,
        "about": {"manager": setting.REFUSER},
    }
    if question in _UNSURE:
        row["confidence"] = "unsure"
    if question == "loss.declines-range":
        row["note"] = "Дважды слышал от клиентов"
    return row
