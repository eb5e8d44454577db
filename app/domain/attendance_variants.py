"""The policies that come with the house: GCA-1, and for each alternative of the handbook's table GCA-1 with that answer."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from app.domain.attendance_policy import (
    GCA_1,
    BelowThreshold,
    Denominator,
    GracePer,
    LateEntry,
    PendingMarks,
    Rounding,
    SharedClass,
    UnpairedMark,
)
from app.domain.terms import Line

VARIANTS = (
    replace(GCA_1, policy_id="GCA-1-GRACE-10", grace=timedelta(minutes=10)),
    replace(GCA_1, policy_id="GCA-1-LATE-REDUCED", late_entry=LateEntry.REDUCED_BY_THE_GRACE),
    replace(GCA_1, policy_id="GCA-1-LATE-NONE", late_entry=LateEntry.NO_CREDIT),
    replace(GCA_1, policy_id="GCA-1-MISSING-NONE", unpaired_mark=UnpairedMark.NO_CREDIT),
    replace(GCA_1, policy_id="GCA-1-GRACE-DAY", grace_per=GracePer.DAY),
    replace(GCA_1, policy_id="GCA-1-FACILITATOR", shared_class=SharedClass.PER_FACILITATOR),
    replace(GCA_1, policy_id="GCA-1-PENDING", pending_marks=PendingMarks.COUNTED),
    replace(GCA_1, policy_id="GCA-1-TIME-HELD", denominator=Denominator.TIME_HELD),
    replace(GCA_1, policy_id="GCA-1-HALF-UP", rounding=Rounding.HALF_UP),
    replace(GCA_1, policy_id="GCA-1-BLOCKS", below_threshold=BelowThreshold.BLOCKS),
    replace(GCA_1, policy_id="GCA-1-PROGRAMMES", programme_thresholds=((Line.SOCIAL_PROGRAMMES, Fraction(60, 100)),)),
)

POLICIES = {policy.policy_id: policy for policy in (GCA_1, *VARIANTS)}
