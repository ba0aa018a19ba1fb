"""What a browser says of itself, in the words by which its owner knows it."""

from django.utils.translation import gettext as _

# The first that fits is taken: most browsers also claim to be those further down.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]


def device_name(user_agent: str) -> str:
    """Such as "Firefox on Windows". A name that was made here before stays as it is."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent or user_agent.startswith(name)), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent or name in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or str(_("A browser that we do not know"))
