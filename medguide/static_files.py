"""Static files as they are served: one stylesheet out of many, then hashed names, then gzip and Brotli."""

import re
from collections.abc import Iterator
from typing import Any

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

    def _bundled(self, paths: dict[str, Any]) -> str:
        def part(match: re.Match[str]) -> str:
            text = self._text(paths, f"css/{match['file']}")
            return f"@layer {match['layer']}{{{text}}}" if match["layer"] else text

        text = _IMPORT.sub(part, self._text(paths, STYLESHEET))
        return _SPACE.sub(" ", _COMMENT.sub("", text)).strip() + "\n"

    @staticmethod
    def _text(paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())
