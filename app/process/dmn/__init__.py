"""Decision tables: rows of conditions that an analyst writes, read safely, checked to the last value, and evaluated by us."""

from app.process.dmn.coverage import Gap, Never, NotDecided, Overlap, World, gaps, never, overlaps
from app.process.dmn.evaluation import Decided, DecisionError, evaluate
from app.process.dmn.fault import Fault, InvalidTable
from app.process.dmn.meaning import table_of
from app.process.dmn.reading import read, sheet_of, stored
from app.process.dmn.sheet import Column, Row, Sheet
from app.process.dmn.table import Aggregation, DecisionTable, HitPolicy, Input, Output, Rule, gives, said
from app.process.dmn.telling import told, value_told
from app.process.dmn.unary import Condition
from app.process.dmn.writing import written

__all__ = [
    "Aggregation",
    "Column",
    "Condition",
    "Decided",
    "DecisionError",
    "DecisionTable",
    "Fault",
    "Gap",
    "HitPolicy",
    "Input",
    "InvalidTable",
    "Never",
    "NotDecided",
    "Output",
    "Overlap",
    "Row",
    "Rule",
    "Sheet",
    "World",
    "evaluate",
    "gaps",
    "gives",
    "never",
    "overlaps",
    "read",
    "said",
    "sheet_of",
    "stored",
    "table_of",
    "told",
    "value_told",
    "written",
]
