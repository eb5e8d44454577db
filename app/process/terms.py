"""The terms of diagrams: an expression such as plazo_habil(10) names so many days of one kind."""

from app.domain.deadlines import Term
from app.process import expressions

FUNCTIONS: expressions.Functions = {
    "plazo_habil": lambda days: Term(days),
    "plazo_corrido": lambda days: Term(days, working=False),
}


def term_of(source: str) -> Term | None:
    """The term that an expression names; None where the diagram sets none. Raises ExpressionError for anything else."""
    if not source:
        return None
    term = expressions.evaluate(source, {}, FUNCTIONS)
    if not isinstance(term, Term):
        raise expressions.ExpressionError(f"{source!r} no es un plazo. Escríbalo como plazo_habil(10).")
    return term
