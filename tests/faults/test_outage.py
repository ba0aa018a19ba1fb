"""PostgreSQL stopped at once and started again while people write: an answer for each, and nothing is lost."""

import random
from pathlib import Path

import pytest

from tests import postgresql, real_server

from .kills import stop_databases

pytestmark = pytest.mark.skipif(postgresql.programs() is None, reason="PostgreSQL's server is not installed")


def test_a_database_that_stops_under_load_loses_nothing_and_service_comes_back(tmp_path: Path) -> None:
    with postgresql.cluster_folder() as folder, postgresql.running(folder, durable=True) as cluster:
        cluster.create_database("medguide")
        environment = real_server.prepare(
            tmp_path,
            MEDGUIDE_DATABASE_URL=cluster.url("medguide"), MEDGUIDE_DEBUG="0", MEDGUIDE_SECRET_KEY="for this test",
        )  # fmt: skip
        outcome = stop_databases(cluster, environment, real_server.free_port(), 2, random.Random(7))
    assert outcome.acknowledged > 0
    assert outcome.refused > 0, "somebody wrote while it was away"
    assert outcome.strange == {}, "each answer is an acknowledgement, or our page"
    assert (outcome.lost, outcome.twice, outcome.without_history) == ([], [], [])
