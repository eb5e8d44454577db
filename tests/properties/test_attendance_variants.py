"""A variant is GCA-1 with another answer to one question: where the question does not arise, they agree."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import GCA_1, POLICIES, ClassHeld, Mark, MarkKind, Validation
from tests.support.attendance_cases import Case, cases, compute, figures, quick

UNASKED = {
    "GCA-1-LATE-REDUCED": "everybody enters within the grace",
    "GCA-1-LATE-NONE": "everybody enters within the grace",
    "GCA-1-MISSING-NONE": "no request was approved",
    "GCA-1-GRACE-DAY": "there is one class a day",
    "GCA-1-FACILITATOR": "each class has one facilitator",
    "GCA-1-PENDING": "no fingerprint is pending",
}


@quick
@given(cases, st.sampled_from(list(UNASKED)))
def test_a_variant_differs_from_gca_1_only_where_its_question_arises(case: Case, policy_id: str) -> None:
    unasked = _without_the_question(case, policy_id)

    variant, standard = compute(unasked, POLICIES[policy_id]), compute(unasked)

    assert (figures(variant), variant.flags) == (figures(standard), standard.flags)


def _without_the_question(case: Case, policy_id: str) -> Case:
    if policy_id.startswith("GCA-1-LATE"):
        latest = {own.class_id: own.started_at + GCA_1.grace for own in case.classes}
        firsts = tuple(Mark(own, at, MarkKind.IN, Validation.VALID) for own, at in latest.items())
        return replace(case, marks=firsts + tuple(m for m in case.marks if m.marked_at > latest[m.class_id]))
    if policy_id == "GCA-1-MISSING-NONE":
        return replace(case, approved=())
    if policy_id == "GCA-1-GRACE-DAY":
        return replace(case, classes=case.classes[:1], marks=_of_c0(case), approved=())
    if policy_id == "GCA-1-FACILITATOR":
        return replace(case, classes=tuple(ClassHeld(own.class_id, own.facilitators[:1]) for own in case.classes))
    return replace(case, marks=tuple(mark for mark in case.marks if mark.validation != Validation.PENDING))


def _of_c0(case: Case) -> tuple[Mark, ...]:
    return tuple(mark for mark in case.marks if mark.class_id == "c0")


@quick
@given(cases, st.sampled_from(["GCA-1-TIME-HELD", "GCA-1-HALF-UP", "GCA-1-BLOCKS", "GCA-1-PROGRAMMES"]))
def test_the_denominator_the_rounding_and_the_threshold_touch_no_second(case: Case, policy_id: str) -> None:
    variant, standard = compute(case, POLICIES[policy_id]), compute(case)

    assert [own.firm.credited for own in variant.classes] == [own.firm.credited for own in standard.classes]
    assert variant.credited_seconds == standard.credited_seconds


@quick
@given(cases)
def test_a_longer_grace_never_gives_less(case: Case) -> None:
    assert compute(case).firm.credited >= compute(case, POLICIES["GCA-1-GRACE-10"]).firm.credited
