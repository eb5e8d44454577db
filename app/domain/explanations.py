"""What a participant's figure in one class comes from, told in Spanish and in the hours of the place."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.attendance import ClassBreakdown, ClassCredit, Remark, Stay, Validation
from app.domain.attendance_arithmetic import TotalExplained, explain_total
from app.domain.attendance_credit import Arrival, BlockStay
from app.domain.attendance_policy import AttendancePolicy, LateEntry, PendingMarks, UnpairedMark
from app.domain.attendance_records import AttendanceFlag, RetroactiveMark
from app.domain.attendance_wording import WallClock, duration_text, grace_text, join

__all__ = ["TotalExplained", "WallClock", "duration_text", "explain_class", "explain_total"]


def explain_class(breakdown: ClassBreakdown, *, zone: str, policy: AttendancePolicy) -> str:
    """One line that a participant can check by hand: entry, exit, what counts of them and what does not.

    While a fingerprint is pending it tells the provisional figure and says what is firm so far.
    """
    return " ".join(_Story(breakdown, zone, policy).sentences())


class _Story:
    """The sentences of one class, in the order in which things happened to the participant."""

    def __init__(self, breakdown: ClassBreakdown, zone: str, policy: AttendancePolicy) -> None:
        self.breakdown, self.policy = breakdown, policy
        self.clock = WallClock(zone, breakdown.class_held.started_at)
        self.pending = [mark for mark in breakdown.marks if mark.validation == Validation.PENDING]
        self.credit: ClassCredit = breakdown.provisional if self.pending else breakdown.firm

    def sentences(self) -> Iterator[str]:
        yield from self._about_the_class()
        yield from self._about_stays()
        for remark in self.credit.remarks:
            yield self._about_remark(remark)
        if self.breakdown.blocks and not self.credit.marks:
            yield "No hay marcas que cuenten en esta clase: 0 min."
        yield from self._about_an_approval_without_effect()
        yield from self._about_rejected()
        yield from self._about_pending()

    def _about_the_class(self) -> Iterator[str]:
        still_open = [held.started_at for held in self.breakdown.class_held.facilitators if held.ended_at is None]
        if still_open and self.breakdown.blocks:
            since = join(self.clock.at(instant) for instant in still_open)
            yield f"Sigue abierto lo que empezó {since}; no cuenta hasta que se cierre."
        elif still_open:
            started = self.clock.at(self.breakdown.class_held.started_at)
            yield f"La clase empezó {started} y sigue abierta; no cuenta hasta que se cierre."

    def _about_stays(self) -> Iterator[str]:
        if not self.breakdown.blocks:
            return
        if self._is_lost_for_lateness:
            yield from self._about_entry(self.credit.stays[0])
            return
        counting = [stay for stay in self.credit.stays if stay.credited]
        for stay in self.credit.stays:
            if not stay.credited:
                yield self._about_time_outside(stay)
            elif stay.pair.entry.retroactive and stay.pair.exit.retroactive:
                yield f"Sin marcas; {self._approved} se cuenta la clase entera."
            else:
                if stay is counting[0]:
                    yield from self._about_entry(stay)
                if stay is counting[-1]:
                    yield from self._about_exit(stay)
        if len(self.credit.credited) > 1:
            spans = join(self.clock.span(part) for part in self.credit.credited)
            yield f"Se cuentan {len(self.credit.credited)} tramos: {spans}."

    @property
    def _is_lost_for_lateness(self) -> bool:
        """Whether the first entry came too late for every block, under a policy that then credits nothing."""
        stays = self.credit.stays
        return (
            self.policy.late_entry is LateEntry.NO_CREDIT
            and bool(stays)
            and all(part.arrival is Arrival.LATE for part in stays[0].in_blocks)
        )

    def _about_time_outside(self, stay: Stay) -> str:
        entered, left = self.clock.at(stay.marked.start), self.clock.at(stay.marked.end)
        return f"Entró {entered} y salió {left}, fuera del tiempo de clase; eso no se cuenta."

    def _about_entry(self, stay: Stay) -> Iterator[str]:
        if stay.pair.entry.retroactive:
            yield f"Sin marca de entrada; {self._approved} se cuenta desde {self.clock.the(stay.credited[0].start)}."
            return
        entered, whole = self.clock.at(stay.marked.start), len(stay.in_blocks) == 1
        # Who was there before a facilitator started has all of that part; only the others need a word.
        told = [part for part in stay.in_blocks if part.arrival is not Arrival.EARLY and _reached(part, stay)]
        if whole or not told or told == [stay.in_blocks[0]]:
            first_counted = next((part for part in stay.in_blocks if part.credited), stay.in_blocks[0])
            yield self._about_arrival(entered, first_counted)
            return
        yield f"Entró {entered}."
        for part in told:
            yield self._about_arrival(None, part)

    def _about_arrival(self, entered: str | None, part: BlockStay) -> str:
        """The entry before one start: the class's, or with `entered` None that of one of its facilitators."""
        start = self.clock.at(part.block.started_at)
        opening = f"Entró {entered}" if entered else f"Con quien empezó {start}"
        link = "," if entered else ":"
        counted = self._counted_from(part)
        if part.arrival is Arrival.EARLY:
            return f"{opening}{link} antes de empezar la clase; {counted}"
        if part.arrival is Arrival.ON_THE_DOT:
            return f"{opening}{link} al empezar la clase; {counted}"
        if part.arrival is Arrival.RETURN:
            again = f"Volvió a entrar {entered};" if entered else f"{opening}:"
            return f"{again} la gracia es solo para la primera entrada, {counted}"
        began = f"Entró {entered}; la clase empezó {start};" if entered else f"{opening}:"
        return f"{began} {self._about_the_grace(part)}, {counted}"

    def _about_the_grace(self, part: BlockStay) -> str:
        if part.arrival is Arrival.WITHIN_THE_GRACE:
            return f"dentro de {grace_text(self.policy.grace)}"
        if not self.policy.grace:
            return "sin minutos de gracia"
        if not self.credit.grace:
            return "la gracia del día ya se usó"
        if self.policy.late_entry is LateEntry.REDUCED_BY_THE_GRACE:
            return f"el atraso se reduce en {grace_text(self.policy.grace)}"
        return f"pasados {grace_text(self.policy.grace)}"

    def _counted_from(self, part: BlockStay) -> str:
        if part.credited:
            return f"se cuenta desde {self.clock.the(part.credited[0].start)}."
        return "la clase no se cuenta." if len(self.breakdown.blocks) == 1 else "ese tiempo no se cuenta."

    def _about_exit(self, stay: Stay) -> Iterator[str]:
        left, class_end = stay.marked.end, self._class_end
        until = f"se cuenta hasta {self.clock.the(stay.credited[-1].end)}."
        if stay.pair.exit.retroactive:
            yield f"Sin marca de salida; {self._approved} {until}"
        elif left > class_end:
            yield f"Salió {self.clock.at(left)}, después de terminar la clase; {until}"
        elif left < class_end:
            yield f"Salió {self.clock.at(left)}; la clase terminó {self.clock.at(class_end)}; {until}"

    @property
    def _class_end(self) -> datetime:
        return max(block.ended_at for block in self.breakdown.blocks)

    def _about_remark(self, remark: Remark) -> str:
        at = self.clock.at(remark.mark.marked_at)
        if remark.flag is AttendanceFlag.REPEATED_ENTRY:
            return f"La entrada repetida de {self.clock.the(remark.mark.marked_at)} no cambia nada."
        may_be_approved = (
            self.policy.unpaired_mark is UnpairedMark.TO_CLASS_END_ONCE_APPROVED and not self.breakdown.retroactive
        )
        unless = " mientras no se apruebe la asistencia retroactiva" if may_be_approved else ""
        if remark.flag is AttendanceFlag.MISSING_EXIT:
            return f"Entró {at} y queda sin marca de salida; desde ahí no se cuenta{unless}."
        return f"Salió {at} y queda sin marca de entrada; esa salida no se cuenta{unless}."

    @property
    def _approved(self) -> str:
        return f"por la asistencia retroactiva aprobada{_decision(self.breakdown.retroactive)}"

    def _about_an_approval_without_effect(self) -> Iterator[str]:
        approval = self.breakdown.retroactive
        if approval is None or not self.breakdown.blocks or any(mark.retroactive for mark in self.credit.marks):
            return
        subject = f"La asistencia retroactiva aprobada{_decision(approval)}"
        if self.policy.unpaired_mark is UnpairedMark.NO_CREDIT:
            yield f"{subject} no suma tiempo con la política {self.policy.policy_id}."
        else:
            yield f"{subject} no cambia nada: no falta una marca dentro de la clase."

    def _about_rejected(self) -> Iterator[str]:
        if rejected := [mark for mark in self.breakdown.marks if mark.validation == Validation.REJECTED]:
            yield f"La huella no fue reconocida y no cuenta: {self.clock.names(rejected)}."

    def _about_pending(self) -> Iterator[str]:
        if not self.pending:
            return
        names = self.clock.names(self.pending)
        if self.policy.pending_marks is PendingMarks.COUNTED:
            yield f"La huella por validar ya se cuenta: {names}."
        else:
            so_far = duration_text(self.breakdown.firm.seconds)
            yield f"Es provisional: falta validar la huella ({names}); por ahora se cuentan {so_far}."


def _reached(part: BlockStay, stay: Stay) -> bool:
    return part.block.ended_at > stay.marked.start


def _decision(approval: RetroactiveMark | None) -> str:
    return f" ({approval.decision})" if approval is not None and approval.decision else ""
