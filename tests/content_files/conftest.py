from pathlib import Path

import pytest

from .sample import write_library


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with one page and nothing wrong with it."""
    return write_library(tmp_path)
