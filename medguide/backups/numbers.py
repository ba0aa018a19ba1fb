"""The highest number that a table ever gave out, which is more than the highest in it once a row was deleted."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


def last_id(connection: BaseDatabaseWrapper, model: type[models.Model]) -> int | None:
    """None where the table gives out no numbers, or has not yet."""
    if not _gives_out_numbers(model):
        return None
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [connection.ops.quote_name(table), column],
            )
        else:
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s AND seq > 0", [table])
        number: int | None = cursor.fetchone()[0]
        return number


def set_last_id(connection: BaseDatabaseWrapper, model: type[models.Model], number: int) -> None:
    """The table, if it gives out numbers, gives out `number` + 1 next, or more where it holds a higher one."""
    if not _gives_out_numbers(model):
        return
    table, column = connection.ops.quote_name(model._meta.db_table), str(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({connection.ops.quote_name(column)}) FROM {table}")  # noqa: S608
        number = max(number, cursor.fetchone()[0] or 0)
        if number < 1:
            return
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, number])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [model._meta.db_table, number])


def _gives_out_numbers(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField)
