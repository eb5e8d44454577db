"""Small processes with each element of the subset that lets a case wait, leave, call or decide."""

from app.process import diagrams
from app.process.package import Package
from tests.process.drawing import (
    TERMINATE,
    asks,
    beside,
    calls,
    catches,
    chain,
    choice,
    does,
    error,
    event,
    flow,
    message,
    process,
    timer,
    within,
)

ANNULLED = {"annulled": "certificates/annulled"}


def package(process_id: str, *elements: str, called: tuple[Package, ...] = ()) -> Package:
    diagram = diagrams.read(process(process_id, *elements, messages=ANNULLED).encode())
    return Package(diagram, called={one.diagram.process_id: one for one in called})


def fork(key: str) -> str:
    return f'<parallelGateway id="{key}" name="{key}" />'


def decides(key: str, table: str) -> str:
    return f'<businessRuleTask id="{key}" name="{key}" constancia:decision="{table}" />'


def by_answer(key: str, granted: str, denied: str) -> str:
    return (
        choice(key)
        + flow(f"{key}_yes", key, granted, "granted == True")
        + flow(f"{key}_no", key, denied, "granted == False")
    )


WAITS = package(
    "waits",
    catches("begin", message("annulled"), "start"),
    catches("pause", timer()),
    catches("told", message("annulled")),
    event("end", "done"),
    chain("begin", "pause", "told", "done"),
)
IN_TIME = package(
    "in_time",
    event("start", "begin"),
    asks("answer"),
    beside("late", "answer", timer("plazo_habil(15)")),
    beside("soon", "answer", timer("plazo_habil(10)"), interrupting=False),
    asks("hurry"),
    event("end", "side_end"),
    catches("pause", timer()),
    event("end", "done"),
    event("end", "expired"),
    chain("begin", "answer", "pause", "done"),
    chain("late", "expired"),
    chain("soon", "hurry", "side_end"),
)
BY_TABLE = package(
    "by_table",
    event("start", "begin"),
    asks("answer"),
    decides("weigh", "level"),
    choice("is_high"),
    event("end", "high"),
    event("end", "low"),
    chain("begin", "answer", "weigh", "is_high"),
    flow("f_high", "is_high", "high", "high == True"),
    flow("f_low", "is_high", "low", "high == False"),
)
REVIEW = package(
    "review",
    event("start", "begin"),
    asks("decide"),
    by_answer("is_fine", "pause", "bad"),
    catches("pause", timer()),
    decides("weigh", "level"),
    event("end", "good"),
    catches("bad", error("lost_error"), "end"),
    chain("begin", "decide", "is_fine"),
    chain("pause", "weigh", "good"),
)
WITHIN = package(
    "within",
    event("start", "begin"),
    within(
        "outer",
        event("start", "outer_begin"),
        within(
            "inner",
            event("start", "inner_begin"),
            asks("decide"),
            by_answer("is_fine", "pause", "bad"),
            catches("pause", timer()),
            event("end", "inner_end"),
            catches("bad", error("lost_error"), "end"),
            chain("inner_begin", "decide", "is_fine"),
            chain("pause", "inner_end"),
        ),
        beside("not_mine", "inner", error("other_error")),
        beside("soon", "inner", timer(), interrupting=False),
        asks("hurry"),
        event("end", "side_within"),
        event("end", "outer_end"),
        chain("outer_begin", "inner", "outer_end"),
        chain("not_mine", "outer_end"),
        chain("soon", "hurry", "side_within"),
    ),
    beside("lost", "outer", error("lost_error")),
    beside("late", "outer", timer("plazo_habil(20)")),
    event("end", "done"),
    event("end", "failed"),
    event("end", "expired"),
    chain("begin", "outer", "done"),
    chain("lost", "failed"),
    chain("late", "expired"),
)
CUT = package(
    "cut",
    event("start", "begin"),
    within(
        "both",
        event("start", "both_begin"),
        fork("fork"),
        asks("one"),
        asks("other"),
        does("work", "annulments/decide"),
        catches("stop", TERMINATE, "end"),
        event("end", "worked"),
        chain("both_begin", "fork", "one", "stop"),
        chain("fork", "other", "work", "worked"),
    ),
    asks("after"),
    event("end", "done"),
    chain("begin", "both", "after", "done"),
)
CALLS = package(
    "calls",
    event("start", "begin"),
    calls("review", "review"),
    beside("lost", "review", error("lost_error")),
    asks("decide"),
    by_answer("is_fine", "done", "failed"),
    event("end", "done"),
    event("end", "failed"),
    chain("begin", "review", "is_fine"),
    chain("lost", "decide", "is_fine"),
    called=(REVIEW,),
)
PACKAGES = {one.diagram.process_id: one for one in (WAITS, IN_TIME, BY_TABLE, WITHIN, CUT, CALLS)}
