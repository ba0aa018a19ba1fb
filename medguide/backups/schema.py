"""The tables as they were at given migrations: what a backup of any release is written from and read into."""

from graphlib import TopologicalSorter
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from .format import LEFT_OUT

Migrations = dict[str, list[str]]


class UnknownMigrationError(Exception):
    """This release does not have all of the migrations."""


def applied(loader: MigrationLoader) -> Migrations:
    """The migrations that the database has, for each app."""
    found: Migrations = {}
    for app, name in sorted(loader.applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def last_of(loader: MigrationLoader, migrations: Migrations) -> list[tuple[str, str]]:
    """Of each app the migrations that none of its own builds on. Raises UnknownMigrationError."""
    nodes = {(app, name) for app, names in migrations.items() for name in names}
    if not nodes <= set(loader.graph.nodes):
        raise UnknownMigrationError
    if any(set(loader.graph.forwards_plan(node)) - nodes for node in nodes):
        raise UnknownMigrationError
    return sorted(
        node
        for node in nodes
        if not any(child.key in nodes and child.key[0] == node[0] for child in loader.graph.node_map[node].children)
    )


def apps_at(loader: MigrationLoader, migrations: Migrations) -> Apps:
    """Raises UnknownMigrationError."""
    return loader.project_state(last_of(loader, migrations)).apps


def tables(apps: Apps, connection: BaseDatabaseWrapper) -> list[type[Model]]:
    """The models that have a table of their own, many-to-many tables included, each after those it points to."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.can_migrate(connection)]
    before: dict[Any, list[Any]] = {}
    for model in sorted(models, key=lambda model: model._meta.label):
        targets = {field.related_model for field in model._meta.local_concrete_fields}
        before[model] = sorted(targets - {None, model}, key=lambda target: target._meta.label)
    return list(TopologicalSorter(before).static_order())


def backed_up(apps: Apps, connection: BaseDatabaseWrapper) -> list[type[Model]]:
    """Those of `tables` that a backup holds."""
    return [model for model in tables(apps, connection) if model._meta.label not in LEFT_OUT]
