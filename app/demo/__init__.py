"""The demo's own data: invented institutions and people, courses in every state, from a seed; also for tests and benchmarks."""

from app.demo.accounts import ACCOUNTS, Account
from app.demo.courses import STORY_CODE
from app.demo.incidents import leave_incident
from app.demo.loading import Loaded, load, make_documents
from app.demo.records import SEED, DemoRecords, generate

__all__ = [
    "ACCOUNTS",
    "SEED",
    "STORY_CODE",
    "Account",
    "DemoRecords",
    "Loaded",
    "generate",
    "leave_incident",
    "load",
    "make_documents",
]
