"""A condition as its author would write it, in one line of YAML."""

from salesdx.knowledge.conditions import Asked, Comparison, Leaf, Node, Operand


def written(node: Node) -> str:
    """`{all: [{response.first-business: "> response.slow"}, {symptom: x}]}`."""
    if isinstance(node, Asked):
        return f"{{{node.what}: {node.name}}}"
    if isinstance(node, Leaf):
        return _leaf(node)
    parts = [written(p) for p in node.parts]
    if node.kind == "not":
        return f"{{not: {parts[0]}}}"
    inside = f"[{', '.join(parts)}]"
    if node.kind == "at_least":
        return f"{{at_least: {{n: {node.n}, of: {inside}}}}}"
    return f"{{{node.kind}: {inside}}}"


def _leaf(leaf: Leaf) -> str:
    if leaf.comparison.op in ("holds", "gap"):
        prefix, _, rest = leaf.name.partition(":")
        return f"{{{prefix}: {rest}}}"
    return f"{{{leaf.name}: {_comparison(leaf.comparison)}}}"


def _comparison(how: Comparison) -> str:
    words = [_word(o) for o in how.operands]
    match how.op:
        case "==" if isinstance(how.operands[0], float):
            return f'"== {words[0]}"'
        case "==":
            return words[0]
        case "one_of":
            return f"[{', '.join(words)}]"
        case "between":
            return f"{{between: [{', '.join(words)}]}}"
        case "includes" | "banal":
            return f"{{{how.op}: {words[0]}}}"
        case "count":
            assert how.inner is not None
            return f"{{count: {_comparison(how.inner)}}}"
        case _:
            return f'"{how.op} {words[0]}"'


def _word(operand: Operand) -> str:
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    return f"{operand:g}" if isinstance(operand, float) else str(operand)
