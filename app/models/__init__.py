"""Tables, their constraints and derived columns; no business verbs."""

from app.models.certificates import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    Document,
    FolioCounter,
    HistoryEvent,
    Issuance,
    IssuanceVoid,
    state_expression,
)
from app.models.courses import (
    AttendanceMark,
    AttendanceResult,
    ClassHeld,
    ClassInstructor,
    Participant,
    RecordedKind,
    TrainingAction,
)
from app.models.intake import Correction
from app.models.people import Credential, Organisation, Person, ProfileGrant
from app.models.processes import (
    ClaimedRequest,
    Effect,
    HumanTask,
    InstanceStatus,
    ProcessDefinition,
    ProcessInstance,
    TaskStatus,
)
from app.models.retroactive import RetroactiveAttachment, RetroactiveDecision, RetroactiveRequest

__all__ = [
    "AnnulmentDecision",
    "AnnulmentRequest",
    "AttendanceMark",
    "AttendanceResult",
    "Certificate",
    "ClaimedRequest",
    "ClassHeld",
    "ClassInstructor",
    "Correction",
    "Credential",
    "Document",
    "Effect",
    "FolioCounter",
    "HistoryEvent",
    "HumanTask",
    "InstanceStatus",
    "Issuance",
    "IssuanceVoid",
    "Organisation",
    "Participant",
    "Person",
    "ProcessDefinition",
    "ProcessInstance",
    "ProfileGrant",
    "RecordedKind",
    "RetroactiveAttachment",
    "RetroactiveDecision",
    "RetroactiveRequest",
    "TaskStatus",
    "TrainingAction",
    "state_expression",
]
