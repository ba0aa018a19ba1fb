"""Medicines that kill when they are taken every day in place of once a week. Pure."""

from itertools import pairwise

from django.utils.translation import gettext as _

from .schedules import Kind, Problem, Schedule


def must_be_weekly_problem(schedule: Schedule, *, once_a_week: bool) -> Problem | None:
    """What stops a schedule of a medicine that kills when it is taken every day (methotrexate by mouth).

    A schedule that says nothing yet passes: a list may be begun without it.
    Source: methotrexate tablets, US prescribing information, boxed warning; for help after an overdose, our own page.
    """
    if not once_a_week or schedule.kind is Kind.NOT_SAID:
        return None
    if _is_on_several_days_of_a_week(schedule):
        message = _(
            "This medicine is taken on one day of the week. Taking it every day by mistake has killed people. "
            "Choose one day only. If your label or your doctor says more days, ask your pharmacist before you take "
            "the next dose, and leave the times open until then. If you took it every day by mistake, get help now, "
            "even if you feel well."
        )
        return Problem("when", message)
    if schedule.weekdays or schedule.by_weekday or schedule.steps:
        return None
    return Problem("weekdays", _("This medicine is taken once a week. Choose the day of the week."))


def _is_on_several_days_of_a_week(schedule: Schedule) -> bool:
    """Any seven days in a row count as a week: Sunday and the Monday after it are too close."""
    if schedule.kind is Kind.DAILY:
        return True
    if schedule.kind is Kind.EVERY_N_DAYS:
        return schedule.every_days is not None and schedule.every_days < 7
    firsts = sorted(step.first for step in schedule.steps)
    return (
        max(len(schedule.weekdays), len(schedule.by_weekday)) > 1
        or any(step.last != step.first for step in schedule.steps)
        or any((later - earlier).days < 7 for earlier, later in pairwise(firsts))
    )
