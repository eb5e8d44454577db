"""Terms in the words of a sentence: how many days of which kind, and how one passes to another."""

from app.domain.deadlines import Term
from app.process.expressions import ExpressionError
from app.process.terms import term_of


def term_in(source: str) -> Term | None:
    """None also for what is not a term: a draft may say anything."""
    try:
        return term_of(source)
    except ExpressionError:
        return None


def said(source: str) -> str:
    """`10 días hábiles`; what is not a term as it is written."""
    term = term_in(source)
    if term is None:
        return f"«{source}»" if source else ""
    one = term.days == 1
    kind = ("hábil" if one else "hábiles") if term.working else ("corrido" if one else "corridos")
    return f"{term.days} {'día' if one else 'días'} {kind}"


def passes(subject: str, old: str, new: str) -> str:
    """That the term of `subject` is another, a new one, or none any more."""
    before, after = term_in(old), term_in(new)
    if not old:
        return f"{subject} es ahora de {said(new)}; antes no había."
    if not new:
        return f"{subject} se quita; era de {said(old)}."
    if before and after and before.working == after.working:
        return f"{subject} pasa de {before.days} a {said(new)}."
    return f"{subject} pasa de {said(old)} a {said(new)}."
