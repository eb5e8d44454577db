"""Emisión masiva: courses chosen together, reviewed in the background, accepted once. Functions here never commit."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from app.domain.attendance_policy import Verdict
from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Action, Actor
from app.models import BulkIssue, BulkIssueRow, Issuance, Job, JobChunk, JobKind, TrainingAction
from app.services import certificates, courses, jobs, profiles
from app.services.certificates import Reviewed
from app.services.jobs import Part

MOST = 500
REVIEWED_AT_ONCE = 5
NO_LONGER_YOURS = "Este curso ya no está entre los suyos. Revise su perfil y vuelva a intentar."


def begin(session: Session, references: Mapping[str, str], *, actor: Actor) -> BulkIssue:
    """Have the courses reviewed, each code with its N° factura / orden de compra, in the order given.

    Raises Refusal if there is none, more than MOST, or one that is not the actor's.
    """
    actor.require(Action.ISSUE)
    if not references:
        raise Refusal("No eligió ningún curso. Escriba el N° de factura u orden de compra de los que quiere emitir.")
    if len(references) > MOST:
        raise Refusal(f"Son {len(references)} cursos y el máximo es {MOST} a la vez. Divídalos en varias emisiones.")
    ids = _ids(session, references, actor)

    whole = range(0, len(references), REVIEWED_AT_ONCE)
    parts = [range(start, min(start + REVIEWED_AT_ONCE, len(references))) for start in whole]
    job = jobs.start(
        session,
        JobKind.BULK_REVIEW,
        title=f"Revisión de una emisión masiva: {_counted(len(references))}",
        scope={},
        parts=[Part(len(part), {"positions": list(part)}) for part in parts],
        actor=actor,
    )
    bulk = BulkIssue(review_job=job)
    session.add(bulk)
    session.flush()
    job.scope = {"bulk_issue_id": bulk.id}
    for position, (code, reference) in enumerate(references.items()):
        row = BulkIssueRow(action_id=ids[code], document_reference=reference, position=position, bulk_issue_id=bulk.id)
        session.add(row)
    session.flush()
    return bulk


def begin_again(session: Session, bulk_id: int, *, actor: Actor) -> BulkIssue:
    """The same for those of which no certificate came, which are reviewed anew. Raises Refusal if there is none."""
    get(session, bulk_id, actor)
    return begin(
        session,
        {row.action.code: row.document_reference for row in rows_of(session, bulk_id) if row.issuance_id is None},
        actor=actor,
    )


def review_chunk(session: Session, job: Job, chunk: JobChunk) -> None:
    """Write down, for some of the courses, what would be issued now or why it cannot be. Harmless when run twice."""
    actor = actor_of(session, job)
    for row in rows_of(session, job.scope["bulk_issue_id"], positions=chunk.content["positions"]):
        try:
            _write_down(row, _reviewed(session, row, actor))
        except Refusal as refusal:
            row.problem = refusal.sentence


def accept(session: Session, bulk_id: int, *, actor: Actor) -> BulkIssue:
    """Have everything that was reviewed and may be issued issued, each in a transaction of its own.

    Raises Refusal while the review goes on, where nothing may be issued, and the second time.
    """
    actor.require(Action.ISSUE)
    get(session, bulk_id, actor)
    bulk = session.get_one(BulkIssue, bulk_id, with_for_update=True)
    if bulk.issue_job_id is not None:
        raise Refusal("Esta emisión ya fue aceptada. Vea abajo cómo va.")
    if bulk.review_job.ended_at is None:
        raise Refusal("La revisión todavía no termina. Espere a que estén todos los cursos.")
    ready = [row.position for row in rows_of(session, bulk_id) if row.is_ready]
    if not ready:
        raise Refusal("Ninguno de estos cursos se puede emitir. Vea la razón de cada uno y vuelva a elegir.")

    job = jobs.start(
        session,
        JobKind.BULK_ISSUE,
        title=f"Emisión masiva: {_counted(len(ready))}",
        scope={"bulk_issue_id": bulk.id},
        parts=[Part(1, {"position": position}) for position in ready],
        actor=actor,
    )
    bulk.issue_job, bulk.authenticated_by = job, actor.authenticated_by
    return bulk


def get(session: Session, bulk_id: int, actor: Actor) -> BulkIssue:
    """With its jobs. Raises NotFound if there is none, or not of this actor, acting as when it was begun."""
    both = (joinedload(BulkIssue.review_job).joinedload(Job.asked_by), joinedload(BulkIssue.issue_job))
    bulk = session.get(BulkIssue, bulk_id, options=both)
    if bulk is None or not jobs.is_own(bulk.review_job, actor):
        raise NotFound
    return bulk


def latest(session: Session, *, actor: Actor, size: int) -> Sequence[BulkIssue]:
    """The newest of the actor's."""
    return session.scalars(
        select(BulkIssue)
        .join(BulkIssue.review_job)
        .where(jobs.asked_by(actor))
        .options(joinedload(BulkIssue.review_job), joinedload(BulkIssue.issue_job))
        .order_by(BulkIssue.id.desc())
        .limit(size)
    ).all()


def rows_of(session: Session, bulk_id: int, *, positions: Sequence[int] | None = None) -> Sequence[BulkIssueRow]:
    """The courses in the order they were given, each with what the pages tell of it."""
    action = joinedload(BulkIssueRow.action, innerjoin=True)
    parties = (TrainingAction.otec, TrainingAction.otic, TrainingAction.company)
    # The snapshot of each would be most of what is read.
    printed = load_only(Issuance.sequence, Issuance.folio_number, Issuance.folio_year, Issuance.issued_at)
    rows = (
        select(BulkIssueRow)
        .where(BulkIssueRow.bulk_issue_id == bulk_id)
        .options(action.options(*map(joinedload, parties)))
        .options(selectinload(BulkIssueRow.issuance).options(printed, joinedload(Issuance.document)))
        .order_by(BulkIssueRow.position)
    )
    return session.scalars(rows if positions is None else rows.where(BulkIssueRow.position.in_(positions))).all()


def actor_of(session: Session, job: Job, *, authenticated_by: str = "cus") -> Actor:
    """Who asked, as granted today. Raises Refusal if the profile is gone: then so is the right to issue."""
    actor = profiles.actor_for(
        session, job.asked_by_id, job.asked_profile, job.asked_organisation_id, authenticated_by=authenticated_by
    )
    if actor is None:
        raise Refusal(NO_LONGER_YOURS)
    return actor


def _ids(session: Session, codes: Mapping[str, str], actor: Actor) -> dict[str, int]:
    mine = select(TrainingAction.code, TrainingAction.id).where(
        TrainingAction.code.in_(codes), courses.visible_to(actor)
    )
    found = {row.code: row.id for row in session.execute(mine)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        more = f", y {len(unknown) - 1} más" if len(unknown) > 1 else ""
        raise Refusal(f"No hay un curso suyo con el código {unknown[0]}{more}. Corríjalo o quítelo de la lista.")
    return found


def _reviewed(session: Session, row: BulkIssueRow, actor: Actor) -> Reviewed:
    if reason := certificates.why_not_issuable(session, row.action):
        raise Refusal(reason)
    return certificates.review(session, row.action, document_reference=row.document_reference, actor=actor)


def _write_down(row: BulkIssueRow, reviewed: Reviewed) -> None:
    results = [one.result for one in reviewed.computed]
    line, policy = row.action.line, reviewed.policy
    row.content_sha256, row.problem = reviewed.document.content_sha256(), None
    row.participants = len(results)
    row.below_threshold = (
        sum(policy.verdict(one.ratio, line) is not Verdict.REACHED for one in results)
        if policy.demanded_of(line) is not None
        else 0
    )
    row.provisional = sum(one.provisional_seconds != one.credited_seconds for one in results)


def _counted(courses_: int) -> str:
    return "1 certificado" if courses_ == 1 else f"{courses_} certificados"
