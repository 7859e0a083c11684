"""Throw made-up requests at the API and see that it keeps its word.

    python benchmarks/api_fuzz.py --examples 10000

No 5xx, no status, media type, header or body that the description does not tell,
nothing wrong taken, nothing served without a token. Runs in this process, without a
socket, over a small case.
"""

import argparse
import datetime as dt
import sys
import tempfile
from collections import Counter
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance",
    "negative_data_rejection", "unsupported_method", "ignored_auth",
)  # fmt: skip
MODES = schemathesis.GenerationMode


def fuzz(app, token: str, examples: int, skip: tuple[str, ...] = ()) -> Counter:
    """Call every operation so often; a broken promise is an error. Gives statuses."""
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKED]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {token}"}
    seen: Counter = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.label in skip:
            continue
        for mode in (MODES.POSITIVE, MODES.NEGATIVE):
            _run(operation, mode, headers, checks, examples // 2, seen)
    return seen


def _run(operation, mode, headers, checks, examples: int, seen: Counter) -> None:
    from hypothesis import given

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case) -> None:
        if "case" in (case.path_parameters or {}) and seen.total() % 2:
            case.path_parameters["case"] = "acme"  # or most would end with 404
        response = case.call(headers=headers)
        seen[operation.label, response.status_code] += 1
        case.validate_response(response, checks=checks, headers=headers)

    try:
        once()
    except schemathesis.errors.InvalidSchema as error:  # nothing to make wrong here
        print(f"{operation.label}: {error}", file=sys.stderr)


def main() -> int:
    """Set up a server over a small case, fuzz it, print what was answered."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=1_000, help="per operation")
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from web_fixture import folder_of

    from salesdx.storage.accounts import User, add_user
    from salesdx.storage.api_tokens import add_token
    from salesdx.storage.cases import add_case
    from salesdx.storage.upgrading import open_database
    from salesdx.web.app import create_app
    from salesdx.web.settings import Settings
    from salesdx.workspace.desk import Desk

    now = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        engine = open_database(str(folder / "salesdx.db"))
        add_case(engine, "acme", "Acme", folder_of(folder / "acme", "Acme"), "2026")
        add_user(engine, User("anna", "A", "consultant", True), None, "2026", "fuzz")
        _, token = add_token(engine, "anna", "fuzz", now)
        desk = Desk(engine, executor="reference")
        seen = fuzz(create_app(desk, Settings(patience=60)), token, asked.examples)
        desk.close()
        engine.dispose()
    for (label, status), count in sorted(seen.items()):
        print(f"{label:50} {status} {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
