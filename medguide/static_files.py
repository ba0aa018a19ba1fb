"""Static files as they are served: one stylesheet out of many, then hashed names, then gzip and Brotli."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\)(?: layer\((?P<layer>[a-z]+)\))?;')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """While developing, the browser follows the @imports of site.css itself; here they are put into one file."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if STYLESHEET in paths and not dry_run:
            bundle = self._bundled(paths)
            self.delete(STYLESHEET)
            self._save(STYLESHEET, ContentFile(bundle.encode()))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def stale(self) -> list[str]:
        """Names of files that were not collected as they are now, or that a page would not find. Reads them all."""
        source: dict[str, Any] = {}
        for finder in get_finders():
            for name, storage in finder.list([]):
                source.setdefault(name, (storage, name))  # the first one found is collected
        return sorted(name for name in source if not self._is_current(name, source))

    def _is_current(self, name: str, source: dict[str, Any]) -> bool:
        hashed = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        if hashed is None or not self.exists(hashed) or not self.exists(name):
            return False
        text = self._bundled(source).encode() if name == STYLESHEET else self._bytes(*source[name])
        return self._bytes(self, name) == text

    def _bundled(self, paths: dict[str, Any]) -> str:
        def part(match: re.Match[str]) -> str:
            text = self._text(paths, f"css/{match['file']}")
            return f"@layer {match['layer']}{{{text}}}" if match["layer"] else text

        text = _IMPORT.sub(part, self._text(paths, STYLESHEET))
        return _SPACE.sub(" ", _COMMENT.sub("", text)).strip() + "\n"

    @staticmethod
    def _text(paths: dict[str, Any], name: str) -> str:
        return BundledStaticFilesStorage._bytes(*paths[name]).decode()

    @staticmethod
    def _bytes(storage: Any, path: str) -> bytes:
        with storage.open(path) as file:
            return bytes(file.read())
