"""Square codes for a camera, as elements of the page."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # empty squares around, without which a camera does not find it


def qr_code(text: str, name: str) -> SafeString:
    """An SVG element with this accessible name: no data address that the content policy would have to allow."""
    code = qrcode.QRCode(border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_black in enumerate(row) if is_black)
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<path d="{}"/></svg>',
        len(rows),
        len(rows),
        name,
        squares,
    )
