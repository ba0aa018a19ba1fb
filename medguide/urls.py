"""The front door: every address, and the pages for what went wrong."""

from django.urls import include, path

from medguide import health

urlpatterns = [
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("monographs.urls")),
    path("account/", include("medguide.accounts.urls")),
    path("", include("medguide.medicine_lists.urls")),
]

handler400 = "monographs.views.errors.bad_request"
handler403 = "monographs.views.errors.forbidden"
handler404 = "monographs.views.errors.not_found"
handler500 = "monographs.views.errors.server_error"
handler429 = "medguide.accounts.views.too_many_requests"  # allauth asks for it by this name
