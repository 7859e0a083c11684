"""The reference executor: a rule fires when its tree is true.

It is the oracle of the tests and the executor where durable_rules does not import.
"""

from collections.abc import Sequence

from salesdx.inference.program import Candidate, Key


class ReferenceSession:
    """One case: nothing to remember, the trees are complete."""

    def fire(self, candidates: Sequence[Candidate]) -> frozenset[Key]:
        """Return the candidates whose tree is true."""
        return frozenset((c.group, c.id) for c in candidates if c.outcome.state)

    def close(self) -> None:
        """Nothing to free."""


class ReferenceExecutor:
    """Reads the trees."""

    name = "reference"

    def session(self, dimension: str) -> ReferenceSession:  # noqa: ARG002
        """Start a fresh case."""
        return ReferenceSession()
