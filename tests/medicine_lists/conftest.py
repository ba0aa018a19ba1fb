"""The cast, for every private test."""

from .cast import cast

__all__ = ["cast"]
