"""Which database is asked: PostgreSQL's address as settings, and a replica for the public wing."""

from typing import Any

import dj_database_url
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.transaction import get_connection

REPLICA = "replica"
LONGEST_CONNECTING = 5  # seconds until a database that does not answer is taken for away


def read_database_url(url: str) -> dict[str, Any]:
    """Settings of one database. Each thread of the server keeps its connection (docs/decisions/0010)."""
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if settings["ENGINE"] == "django.db.backends.postgresql":
        settings.setdefault("OPTIONS", {}).setdefault("connect_timeout", LONGEST_CONNECTING)
    return settings


def migrations_to_run(connection: BaseDatabaseWrapper) -> int:
    """How many migrations this code has that this database has not seen. Raises DatabaseError where it is away."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class LibraryFromReplica:
    """Reads of the library go to the replica, so that they work while the primary is away.

    Not inside a transaction: what it has written must be seen by it, and the replica may be late.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        if model._meta.app_label == "monographs" and not get_connection(DEFAULT_DB_ALIAS).in_atomic_block:
            return REPLICA
        return None

    def allow_relation(self, obj1: models.Model, obj2: models.Model, **hints: Any) -> bool:
        """A list may name a medicine that was read from the replica: it is the same row."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
