"""One semantics of rules and points, several executors that must agree."""
