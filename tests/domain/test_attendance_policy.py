"""What a policy may say, how it is written down, and what it makes of a percentage under the threshold."""

from dataclasses import fields, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any, get_type_hints

import pytest

from app.domain.attendance import GCA_1, POLICIES, AttendancePolicy
from app.domain.attendance_policy import (
    QUESTIONS,
    BadPolicyData,
    UnsupportedPolicy,
    Verdict,
)
from app.domain.faces import Face
from app.domain.terms import Line

THREE_QUARTERS = Fraction(3, 4)
WRITTEN = {
    "policy_id": "GCA-1",
    "grace": 1200,
    "late_entry": "from_the_mark",
    "early_mark": "clipped",
    "mark_after_end": "clipped",
    "unpaired_mark": "to_class_end_once_approved",
    "grace_per": "class",
    "shared_class": "union",
    "overlapping_classes": "united",
    "pending_marks": "provisional",
    "denominator": "accredited_hours",
    "cap": "1",
    "rounding": "truncated",
    "threshold": "3/4",
    "programme_thresholds": {},
    "below_threshold": "warns",
}


def test_gca_1_answers_as_the_handbook_does() -> None:
    assert GCA_1.to_data() == WRITTEN


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_what_is_written_down_reads_back_as_the_same_policy(policy: AttendancePolicy) -> None:
    assert AttendancePolicy.from_data(policy.to_data()) == policy


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_variant_differs_from_gca_1_in_one_answer(policy: AttendancePolicy) -> None:
    different = [field.name for field in fields(policy) if getattr(policy, field.name) != getattr(GCA_1, field.name)]

    assert different == [] if policy is GCA_1 else len(different) == 2 and different[0] == "policy_id"


def test_the_programmes_of_a_policy_read_back_in_any_order() -> None:
    two = ((Line.WORKPLACE_TRAINING, Fraction(1, 2)), (Line.SOCIAL_PROGRAMMES, Fraction(3, 5)))

    assert replace(GCA_1, programme_thresholds=two) == replace(GCA_1, programme_thresholds=two[::-1])


@pytest.mark.parametrize(
    "change",
    [
        {"grace": 1200.0},
        {"grace": "1200"},
        {"grace": True},
        {"grace": 10**30},
        {"threshold": "0.75"},
        {"threshold": "6/8"},
        {"threshold": "1/0"},
        {"threshold": 0.75},
        {"late_entry": "sometimes"},
        {"late_entry": None},
        {"late_entry": ["from_the_mark"]},
        {"policy_id": 1},
        {"programme_thresholds": {"9": "1/2"}},
        {"programme_thresholds": {"1": 0.5}},
        {"programme_thresholds": []},
        {"colour": "blue"},
    ],
    ids=str,
)
def test_data_of_another_shape_is_refused_by_the_name_of_its_field(change: dict[str, Any]) -> None:
    with pytest.raises(BadPolicyData, match=next(iter(change))):
        AttendancePolicy.from_data(WRITTEN | change)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_missing_field_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(BadPolicyData, match=name):
        AttendancePolicy.from_data({key: value for key, value in WRITTEN.items() if key != name})


@pytest.mark.parametrize(
    "answer",
    [
        {"policy_id": ""},
        {"policy_id": "a name too long to keep"},
        {"rounding": "half_up"},
        {"cap": Fraction(2)},
        {"grace": timedelta(minutes=-1)},
        {"grace": timedelta(days=2)},
        {"grace": timedelta(microseconds=1)},
        {"threshold": Fraction(75)},
        {"programme_thresholds": ((Line.TAX_FRANCHISE, Fraction(60)),)},
        {"programme_thresholds": ((Line.TAX_FRANCHISE, Fraction(1)), (Line.TAX_FRANCHISE, Fraction(0)))},
    ],
    ids=str,
)
def test_a_policy_that_cannot_be_computed_cannot_exist(answer: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedPolicy):
        replace(GCA_1, **answer)


@pytest.mark.parametrize(
    ("policy_id", "line", "ratio", "verdict"),
    [
        pytest.param("GCA-1", Line.TAX_FRANCHISE, THREE_QUARTERS, Verdict.REACHED, id="75 % is enough"),
        pytest.param("GCA-1", Line.TAX_FRANCHISE, Fraction(7499, 10000), Verdict.WARNED, id="less warns"),
        pytest.param("GCA-1-BLOCKS", Line.TAX_FRANCHISE, Fraction(7499, 10000), Verdict.BLOCKED, id="or blocks"),
        pytest.param("GCA-1-BLOCKS", Line.TAX_FRANCHISE, THREE_QUARTERS, Verdict.REACHED, id="only what is under it"),
        pytest.param(
            "GCA-1-HALF-UP", Line.TAX_FRANCHISE, Fraction(74999, 100000), Verdict.WARNED, id="shown as 75 % is not 75 %"
        ),
        pytest.param(
            "GCA-1-PROGRAMMES", Line.SOCIAL_PROGRAMMES, Fraction(60, 100), Verdict.REACHED, id="a programme's own"
        ),
        pytest.param("GCA-1-PROGRAMMES", Line.TAX_FRANCHISE, Fraction(60, 100), Verdict.WARNED, id="is only its own"),
    ],
)
def test_the_threshold_compares_the_exact_share(policy_id: str, line: Line, ratio: Fraction, verdict: Verdict) -> None:
    assert POLICIES[policy_id].verdict(ratio, line) is verdict


def test_every_question_has_its_words() -> None:
    assert QUESTIONS.keys() == WRITTEN.keys() - {"policy_id"}


def test_every_answer_has_its_words() -> None:
    answers = [hint for hint in get_type_hints(AttendancePolicy).values() if isinstance(hint, type)]
    faces = [face for kind in answers if issubclass(kind, Face) for face in kind]

    assert len(faces) > 15
    assert all(face.label for face in faces)
