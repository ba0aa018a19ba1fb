"""The gallery shows every component, and our form fields with their errors."""

from django.test import RequestFactory

from monographs.views.gallery import BLOCKS, gallery


def test_every_component_is_shown(rf: RequestFactory) -> None:
    text = gallery(rf.get("/gallery/")).content.decode()
    for part in (
        "care--now",
        "care--today",
        "care--mild",
        "do-lists",
        "people__picture",
        "callout",
        "note",
        "day__slots",
    ):
        assert part in text
    assert len(BLOCKS) == 8
    assert "error-summary" not in text


def test_errors_are_told_in_a_summary_and_beside_each_field(rf: RequestFactory) -> None:
    text = gallery(rf.get("/gallery/", {"send": "Send", "amount": "much"})).content.decode()
    assert "<title>Error: Components" in text
    assert 'role="alert"' in text
    assert '<a href="#id_name">' in text
    assert 'id="id_name_error"' in text
    assert 'value="much"' in text  # nothing that was typed is lost
    assert "As it stands on the bottle." in text
