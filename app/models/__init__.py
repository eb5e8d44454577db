"""Tables, their constraints and derived columns; no business verbs."""

from app.models.awaited import AwaitedEvent, AwaitedKind, AwaitedStatus
from app.models.bulk_issues import BulkIssue, BulkIssueRow
from app.models.certificates import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    Document,
    FolioCounter,
    HistoryEvent,
    Issuance,
    IssuanceVoid,
    SigningCertificate,
    state_expression,
)
from app.models.changes import AttendanceChange
from app.models.courses import (
    AttendanceMark,
    AttendanceResult,
    ClassHeld,
    ClassInstructor,
    Participant,
    RecordedKind,
    TrainingAction,
)
from app.models.incidents import Incident, IncidentResolution
from app.models.intake import Correction
from app.models.jobs import ChunkOutcome, Job, JobChunk, JobKind, JobState
from app.models.log import LogHead, LogKey, LogLeaf, LogNode, LogPending
from app.models.people import Credential, Organisation, Person, ProfileGrant
from app.models.policies import DatedPolicy
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
from app.models.studio import CoverageRule, DraftEvent, DraftEventKind, DraftPresence, DraftStatus, ProcessDraft
from app.models.table_decisions import TableDecision
from app.models.timers import Holiday, TaskTimer, TimerKind
from app.models.tokens import ApiAnswer, ApiToken

__all__ = [
    "AnnulmentDecision",
    "AnnulmentRequest",
    "ApiAnswer",
    "ApiToken",
    "AttendanceChange",
    "AttendanceMark",
    "AttendanceResult",
    "AwaitedEvent",
    "AwaitedKind",
    "AwaitedStatus",
    "BulkIssue",
    "BulkIssueRow",
    "Certificate",
    "ChunkOutcome",
    "ClaimedRequest",
    "ClassHeld",
    "ClassInstructor",
    "Correction",
    "CoverageRule",
    "Credential",
    "DatedPolicy",
    "Document",
    "DraftEvent",
    "DraftEventKind",
    "DraftPresence",
    "DraftStatus",
    "Effect",
    "FolioCounter",
    "HistoryEvent",
    "Holiday",
    "HumanTask",
    "Incident",
    "IncidentResolution",
    "InstanceStatus",
    "Issuance",
    "IssuanceVoid",
    "Job",
    "JobChunk",
    "JobKind",
    "JobState",
    "LogHead",
    "LogKey",
    "LogLeaf",
    "LogNode",
    "LogPending",
    "Organisation",
    "Participant",
    "Person",
    "ProcessDefinition",
    "ProcessDraft",
    "ProcessInstance",
    "ProfileGrant",
    "RecordedKind",
    "RetroactiveAttachment",
    "RetroactiveDecision",
    "RetroactiveRequest",
    "SigningCertificate",
    "TableDecision",
    "TaskStatus",
    "TaskTimer",
    "TimerKind",
    "TrainingAction",
    "state_expression",
]
