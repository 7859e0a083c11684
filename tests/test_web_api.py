"""The JSON API: what it takes and gives is what its description says."""

import importlib.util
import json
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from web_fixture import Web, quick_passwords, web, web_database
from werkzeug.test import TestResponse

from salesdx.storage.api_tokens import add_token
from salesdx.storage.events import events
from salesdx.storage.opening import reading
from salesdx.storage.tries import try_once
from salesdx.web.api.description import described
from salesdx.web.limits import PRINTING

__all__ = ["quick_passwords", "web", "web_database"]
FUZZ = Path(__file__).parents[1] / "benchmarks" / "api_fuzz.py"
HEAD = {"id": "head"}
SAID = {"question": "odc.deadline-exists", "value": "yes", "key": "k1"}


class Program:
    """Whoever calls with a token of a user."""

    def __init__(self, web: Web, user: str = "anna", lang: str = "en") -> None:
        self.http: FlaskClient = web.app.test_client()
        _, token = add_token(web.engine, user, "test", web.now)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": lang}

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.http.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.send(path, json.dumps(body))
        assert answer.status_code == status, answer.text
        return answer.json

    def send(
        self, path: str, data: str, kind: str = "application/json"
    ) -> TestResponse:
        return self.http.post(
            f"/api/v1{path}", data=data, headers=self.headers, content_type=kind
        )


def test_a_program_starts_a_case_answers_and_gets_the_result(web: Web) -> None:
    program = Program(web)
    made = program.post("/cases", {"id": "born", "name": "Новая"}, 201)
    assert made["name"] == "Новая" and made["answers"] == 0
    program.post("/cases", {"id": "born", "name": "Другая"}, 409)
    body = {"respondent": {"id": "anna-k", "role": "head_of_sales"}, "answers": [SAID]}
    assert program.post("/cases/born/answers", body, 201) == {"added": 1, "repeated": 0}
    assert program.post("/cases/born/answers", body) == {"added": 0, "repeated": 1}
    told = program.get("/cases/born/answers")
    assert told["answers"][0]["by"] == "anna-k"
    assert told["answers"][0]["at"] == "2026-11-27T12:00:00Z"
    assert told["respondents"]["anna-k"]["role"] == "head_of_sales"
    assert program.post("/cases/born/diagnose", {})["state"] == "ready"
    assert program.get("/cases/born/result")["schema"] == "salesdx/result/1"
    with reading(web.engine) as connection:
        told = [e for e in events(connection, "born") if e.action == "answers-sent"]
    assert [(e.actor, e.counted()) for e in told] == [("anna", {"count": 1})]


def test_answers_of_somebody_unknown_or_otherwise_wrong_are_refused_whole(
    web: Web,
) -> None:
    program = Program(web, lang="ru")
    entries = [
        SAID, {"question": "odc.deadline", "value": True},
        {"question": "odc.deadline-exists", "state": "not_applicable"},
    ]  # fmt: skip
    body = {"respondent": HEAD, "answers": entries}
    fault = program.post("/cases/acme/answers", body, 422)["error"]
    assert [(d["at"], d["code"]) for d in fault["details"]] == [
        ("answers[1]", "unknown-question"), ("answers[2]", "no-reason"),
    ]  # fmt: skip
    assert "Ничего не сохранено" in fault["do"]
    assert len(program.get("/cases/acme/answers")["answers"]) == 3
    for who, code in (
        ({"id": "x"}, "unknown-role"), ({"id": "x", "role": "chef"}, "unknown-role"),
        ({"id": "head", "role": "owner"}, "respondent"),
    ):  # fmt: skip
        body = {"respondent": who, "answers": [SAID]}
        fault = program.post("/cases/acme/answers", body, 422)["error"]
        assert fault["details"][0]["code"] == code


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"respondent": HEAD, "answers": [{**SAID, "valeu": 1}]}, "answers[0].valeu"),
        ({"respondent": HEAD, "answers": [{"question": 7}]}, "answers[0].question"),
        ({"respondent": HEAD, "answers": []}, "answers"),
        ({"answers": [SAID]}, "respondent"),
        ([], "body"),
    ],
)
def test_a_body_is_taken_as_described_or_not_at_all(
    web: Web, body: Any, at: str
) -> None:
    fault = Program(web).post("/cases/acme/answers", body, 422)["error"]
    assert at in [d["at"] for d in fault["details"]]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        ("{", "application/json", 400),
        ('{"id": "a", "id": "b", "name": "c"}', "application/json", 400),
        ('{"id": NaN}', "application/json", 400),
        ('{"id": 1e999}', "application/json", 400),
        ("[" * 20_000, "application/json", 400),
        ('{"id": "\\ud800", "name": "c"}', "application/json", 422),
        ("id=a&name=b", "application/x-www-form-urlencoded", 415),
        ('{"name": "' + "x" * 70_000 + '"}', "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused_in_json(
    web: Web, data: str, kind: str, status: int
) -> None:
    answer = Program(web).send("/cases", data, kind)
    assert answer.status_code == status
    assert answer.json["error"]["status"] == status
    assert answer.json["error"]["do"]


def test_a_text_that_no_database_keeps_is_refused(web: Web) -> None:
    for note in ("\ud800", "a\x00b"):
        body = {"respondent": HEAD, "answers": [{**SAID, "note": note}]}
        Program(web).post("/cases/acme/answers", body, 422)


def test_only_a_token_opens_the_api_and_only_the_api(web: Web) -> None:
    signed_in = web.staff()
    answer = signed_in.http.get("/api/v1/cases")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    program = Program(web)
    page = program.http.get("/cases", headers=program.headers)
    assert page.headers["Location"].startswith("/sign-in")
    # a header does not spare a page the proof of its form either
    forged = signed_in.http.post("/sign-out", headers={"Authorization": "Basic x"})
    assert forged.status_code == 403


def test_a_token_does_no_more_than_its_user(web: Web) -> None:
    viewer = Program(web, "vera")
    assert [c["id"] for c in viewer.get("/cases")["cases"]] == ["acme"]
    viewer.get("/cases/other", 404)
    viewer.post("/cases", {"id": "x", "name": "x"}, 403)
    viewer.post("/cases/acme/answers", {"respondent": HEAD, "answers": [SAID]}, 403)


def test_reports_come_as_files_and_not_without_end(web: Web) -> None:
    program = Program(web)
    path = "/api/v1/cases/acme/reports/md?lang=ru&audience=owner"
    answer = program.http.get(path, headers=program.headers)
    assert answer.mimetype == "text/markdown" and "Акме" in answer.text
    assert "report-owner-ru.md" in answer.headers["Content-Disposition"]
    program.get("/cases/acme/reports/exe", 404)
    program.get("/cases/acme/reports/md?since=spring.json", 404)
    assert program.http.get(f"{path}&since=none", headers=program.headers).text
    fault = program.get("/cases/acme/reports/md?lang=de&x=1", 422)["error"]
    assert {d["at"] for d in fault["details"]} == {"lang", "x"}
    while try_once(web.engine, PRINTING, "anna", web.now):
        pass
    last = program.http.get(path, headers=program.headers)
    assert last.status_code == 429 and int(last.headers["Retry-After"]) > 60


def test_while_figures_are_measured_a_program_is_asked_to_come_back(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.desk, "is_ready", lambda _: False)
    monkeypatch.setattr(web.desk, "wait", lambda *_: False)
    program = Program(web)
    answer = program.http.get("/api/v1/cases/acme/result", headers=program.headers)
    assert answer.status_code == 202 and answer.headers["Retry-After"] == "2"
    assert answer.json == {"state": "measuring", "result": "/api/v1/cases/acme/result"}
    body = json.dumps({"respondent": HEAD, "answers": [SAID]})
    answer = program.send("/cases/acme/answers", body)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"


def test_the_description_is_served_to_everybody(web: Web) -> None:
    answer = web.client().http.get("/api/v1/openapi.json")
    assert answer.json == described(web.app)
    paths = {r.rule for r in web.app.url_map.iter_rules() if "/api/" in r.rule}
    assert len(answer.json["paths"]) == len(paths) - 1  # itself


def test_made_up_requests_find_no_broken_promise(web: Web) -> None:
    """A short run; `benchmarks/api_fuzz.py` makes long ones."""
    spec = importlib.util.spec_from_file_location("api_fuzz", FUZZ)
    assert spec is not None and spec.loader is not None
    fuzzing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzzing)
    _, token = add_token(web.engine, "anna", "fuzz", web.now)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the tool itself
        seen = fuzzing.fuzz(
            web.app, token, 6, skip=("GET /cases/{case}/reports/{format}",)
        )
    assert {201, 404, 422} <= {status for _, status in seen}


def test_the_result_is_as_described(web: Web) -> None:
    document = described(web.app)
    schema = {"$ref": "#/components/schemas/ResultDocument", **document}
    jsonschema.Draft202012Validator(schema).validate(
        Program(web).get("/cases/acme/result")
    )
