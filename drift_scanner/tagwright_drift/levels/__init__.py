"""Service levels: until when a finding is to be mended, and how it stands. Pure, and without a clock of its own."""

from tagwright_drift.levels.deadlines import Deadline, Levels
from tagwright_drift.levels.standing import Standing, standing
from tagwright_drift.levels.words import duration, time_open

__all__ = ["Deadline", "Levels", "Standing", "duration", "standing", "time_open"]
