"""Attendance of many courses at once: read set-wise, computed by a compiled loop, stored set-wise. For workers and commands.

The figures are those of `app.domain.attendance.compute_attendance`, to the second; a test holds the two together. Web
processes do not import this package: the compiler behind it takes a second and a hundred megabytes.
"""

from app.services.attendance_bulk.comparing import differing
from app.services.attendance_bulk.recomputing import action_ids, compile_now, recompute_actions

__all__ = ["action_ids", "compile_now", "differing", "recompute_actions"]
