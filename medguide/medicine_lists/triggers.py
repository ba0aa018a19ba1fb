"""The database's own refusal: history is added to, never changed, and deleted only with the person it is about.

On SQLite a migration that rebuilds Person or HistoryEvent runs `remove` as its first operation and `install` as its
last: a table's triggers go when it is rebuilt, and one that names a table that is away stops the rebuilding. A test
looks for both triggers after all migrations.
"""

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = ("history_is_never_changed", "history_is_never_deleted")
_THOSE_AT_WORK = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'medicine_lists_historyevent'",
    "postgresql": "SELECT tgname FROM pg_trigger "
    "WHERE tgrelid = 'medicine_lists_historyevent'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')",
}
_SQLITE = [
    "DROP TRIGGER IF EXISTS history_is_never_changed",
    "DROP TRIGGER IF EXISTS history_is_never_deleted",
    """CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON medicine_lists_historyevent
        BEGIN SELECT RAISE(ABORT, 'history can only be added to'); END""",
    """CREATE TRIGGER history_is_never_deleted BEFORE DELETE ON medicine_lists_historyevent
        WHEN EXISTS (SELECT 1 FROM medicine_lists_person WHERE id = OLD.person_id AND NOT is_being_erased)
        BEGIN SELECT RAISE(ABORT, 'history can only be added to'); END""",
]
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION history_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND NOT EXISTS (
                SELECT 1 FROM medicine_lists_person WHERE id = OLD.person_id AND NOT is_being_erased
            ) THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'history can only be added to' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    "DROP TRIGGER IF EXISTS history_is_never_changed ON medicine_lists_historyevent",
    "DROP TRIGGER IF EXISTS history_is_never_deleted ON medicine_lists_historyevent",
    """CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON medicine_lists_historyevent
        FOR EACH ROW EXECUTE FUNCTION history_is_added_to()""",
    """CREATE TRIGGER history_is_never_deleted BEFORE DELETE ON medicine_lists_historyevent
        FOR EACH ROW EXECUTE FUNCTION history_is_added_to()""",
]


def install(apps: Apps | None, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For migrations.RunPython; the same on both engines."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The way back, and what comes before a table is rebuilt."""
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON medicine_lists_historyevent"
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Those of NAMES that are not there, or were switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_THOSE_AT_WORK[connection.vendor])
        return set(NAMES) - {name for (name,) in cursor.fetchall()}
