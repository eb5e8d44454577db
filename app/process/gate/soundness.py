"""The token game: every way a case may go, explored without the engine. Knows steps and arrows and no word of Spanish.

A marking is the set of arrows that hold a token, a bit for each. Exclusive gateways may take any way out, whatever their
conditions say. Tokens stay before an end, so that two of them are seen; a terminating end, or one that is an error, takes all
there are. A subprocess is one step here, and what it holds is played apart; a step may be left by an event on its border.

Of the steps that could move, one moves at a time: a token that could go on still can after any other has moved, because
each arrow leads to one step, so that the order in which they go leads to the same places. None is forgotten while another
goes round, as long as every step leads to an end along the arrows, which is asked of a process before it is played: some
way out of the round is tried, and then the others move.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from app.process.graph import BOUNDARY, END, EXCLUSIVE, PARALLEL, START, Graph, Node

BOUND = 50_000
ENDED = 0


class Kind(Enum):
    """What may be wrong with a step."""

    DEADLOCK = "a token waits for ever for another"
    UNSYNCHRONISED = "two tokens come at once to a step that does not join them"
    DOUBLED = "a second token comes before the first has left"
    EARLY_END = "two ends are reached in one case"
    NEVER = "no case ever comes here"


@dataclass(frozen=True)
class Trouble:
    """`others` are the arrows that a deadlock waits for, or the other ends; `path` is the shortest way into it.

    `opened_by` is the gateway that put both of the tokens that meet.
    """

    kind: Kind
    element: str
    others: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    opened_by: str = ""


@dataclass(frozen=True)
class Exploration:
    """What was found in so many markings; without troubles the process is sound only if it `is_decided`."""

    troubles: tuple[Trouble, ...]
    states: int
    is_decided: bool


@dataclass(frozen=True)
class _Move:
    """A step that passes tokens on; `by` is the event on its border, where it is left by that."""

    key: str
    takes: int
    puts: int
    by: str = ""

    @property
    def through(self) -> tuple[str, ...]:
        return (self.key, self.by) if self.by else (self.key,)


@dataclass(frozen=True)
class _Step:
    """A step that may move: for each set of tokens that lets it, the ways it may then go."""

    key: str
    turns: Sequence[tuple[int, Sequence[_Move]]]


class _Net:
    """The steps and arrows of a process as bits."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.arrows = [flow.key for flows in graph.outgoing.values() for flow in flows]
        self._bit = {key: 1 << number for number, key in enumerate(self.arrows)}
        self.start = sum(self._out(node.key) for node in graph.of_kind(START))
        # Merges move late, the first of them first, so that tokens which should have been joined before one stand there
        # side by side and are seen; a terminating end last.
        ranks = {key: (graph.nodes[key].ends_all, len(graph.incoming[key]) > 1) for key in graph.depth}
        order = sorted((key for key in graph.onward if key in ranks), key=ranks.__getitem__)
        self.steps = [self._step(graph.nodes[key]) for key in order if self._moves(graph.nodes[key])]
        reached = [graph.nodes[key] for key in graph.depth]
        self.joins = {node.key: self._in(node.key) for node in reached if node.kind == PARALLEL}
        self._reach = {key: graph.distances([key]) for key in self.joins}
        self.merges = {
            node.key: self._in(node.key)
            for node in reached
            if node.kind != PARALLEL and not node.ends_all and len(graph.incoming[node.key]) > 1
        }
        self.sinks = {node.key: self._in(node.key) for node in reached if node.kind == END and not self._moves(node)}

    def _in(self, key: str) -> int:
        return sum(self._bit[flow.key] for flow in self.graph.incoming[key])

    def _out(self, key: str) -> int:
        return sum(self._bit[flow.key] for flow in self.graph.outgoing[key])

    def _moves(self, node: Node) -> bool:
        return node.kind not in (START, BOUNDARY) and (node.ends_all or bool(self.graph.outgoing[node.key]))

    def _step(self, node: Node) -> _Step:
        each = [self._bit[flow.key] for flow in self.graph.incoming[node.key]]
        takes = [sum(each)] if node.kind == PARALLEL else each
        puts = [(self._out(node.key), "")]
        if node.kind == EXCLUSIVE:
            puts = [(self._bit[flow.key], "") for flow in self.graph.outgoing[node.key]]
        puts += [(self._out(event.key), event.key) for event in self.graph.boundaries[node.key]]
        return _Step(node.key, [(taken, [_Move(node.key, taken, *put) for put in puts]) for taken in takes])

    def named(self, marking: int) -> tuple[str, ...]:
        """The ids of the arrows in a marking."""
        return tuple(key for key in self.arrows if self._bit[key] & marking)

    def next(self, marking: int) -> Sequence[_Move]:
        """The ways in which the first step that may move may go; none if nothing moves."""
        turns = (turn for step in self.steps for turn in step.turns)
        return next((moves for takes, moves in turns if takes & marking == takes), ())

    def first_of(self, joins: Sequence[str]) -> list[str]:
        """Those that do not wait for what another of them holds up."""
        reach = self._reach
        return [key for key in joins if not any(key in reach[other] and other not in reach[key] for other in joins)]

    def is_terminate(self, key: str) -> bool:
        return self.graph.nodes[key].kind == END


def explore(graph: Graph, bound: int = BOUND) -> Exploration:
    """What can go wrong in a process with one start, after at most `bound` markings."""
    return _Explorer(_Net(graph), bound).explored()


class _Explorer:
    def __init__(self, net: _Net, bound: int) -> None:
        self._net = net
        self._bound = bound
        self._came: dict[int, tuple[int, _Move] | None] = {net.start: None}
        self._moved: set[str] = set()
        self._troubles: dict[tuple[Kind, str], Trouble] = {}

    def explored(self) -> Exploration:
        queue = deque([self._net.start])
        while queue and len(self._came) <= self._bound:
            marking = queue.popleft()
            if marking != ENDED and not self._is_in_trouble(marking):
                queue += self._move_on(marking)
        is_decided = not queue
        if is_decided and not self._troubles:
            for step in self._net.steps:
                if step.key not in self._moved:
                    self._troubles[Kind.NEVER, step.key] = Trouble(Kind.NEVER, step.key)
        return Exploration(tuple(self._troubles.values()), len(self._came), is_decided)

    def _move_on(self, marking: int) -> list[int]:
        """The markings never seen before that come next."""
        moves = self._net.next(marking)
        if not moves:
            self._stand_still(marking)
        return [after for move in moves for after in self._moved_by(marking, move)]

    def _moved_by(self, marking: int, move: _Move) -> Iterator[int]:
        self._moved |= set(move.through)
        rest = marking & ~move.takes
        after = ENDED if self._net.is_terminate(move.key) else rest | move.puts
        doubled = rest & move.puts
        if doubled and after:
            for arrow in self._net.named(doubled):
                opened_by = self._opened_by(marking, doubled, move.takes)
                self._tell(
                    Kind.DOUBLED,
                    self._net.graph.flows[arrow].target,
                    marking,
                    doubled | move.takes,
                    move,
                    opened_by=opened_by,
                )
        elif after not in self._came:
            self._came[after] = (marking, move)
            yield after

    def _is_in_trouble(self, marking: int) -> bool:
        found = [(key, tokens) for key, way in self._net.merges.items() if (tokens := way & marking) & (tokens - 1)]
        for key, tokens in found:
            self._tell(Kind.UNSYNCHRONISED, key, marking, tokens)
        return bool(found)

    def _stand_still(self, marking: int) -> None:
        """Nothing moves any more: it has ended well if there is one token and it is before an end."""
        waiting = [key for key, way in self._net.joins.items() if way & marking]
        ends = [key for key, way in self._net.sinks.items() if way & marking]
        for key in self._net.first_of(waiting):
            others = self._net.named(self._net.joins[key] & ~marking)
            self._tell(Kind.DEADLOCK, key, marking, marking, others=others)
        if not waiting and len(ends) > 1:
            self._tell(Kind.EARLY_END, ends[0], marking, marking, others=tuple(ends[1:]))

    def _tell(
        self,
        kind: Kind,
        element: str,
        marking: int,
        tokens: int,
        move: _Move | None = None,
        others: Sequence[str] = (),
        opened_by: str = "",
    ) -> None:
        if (kind, element) not in self._troubles:
            path = (*self._path(marking, tokens, move), element)
            self._troubles[kind, element] = Trouble(kind, element, tuple(others), path, opened_by)

    def _opened_by(self, marking: int, one: int, other: int) -> str:
        """The last step that put both of two tokens, or what they came from."""
        while (came := self._came[marking]) is not None:
            marking, move = came
            if move.puts & one and move.puts & other:
                return move.key
            one, other = (token & ~move.puts | move.takes if move.puts & token else token for token in (one, other))
        return ""

    def _path(self, marking: int, tokens: int, last: _Move | None) -> list[str]:
        """How those tokens came there, without what others did meanwhile."""
        moves: list[_Move] = []
        at = marking
        while (came := self._came[at]) is not None:
            at, move = came
            moves.append(move)
        path = list(self._net.named(last.puts & tokens))[:1] if last is not None else []
        if last is not None:
            path = [*last.through, *path]
        needed = tokens
        for move in moves:
            if move.puts & needed:
                path = [*move.through, *self._net.named(move.puts & needed), *path]
                needed = needed & ~move.puts | move.takes
        start = self._net.graph.of_kind(START)[0].key
        return [start, *self._net.named(needed & self._net.start), *path]
