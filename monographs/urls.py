from django.conf import settings
from django.urls import path

from .views import interactions, medicines, pages, search

urlpatterns = [
    path("", pages.home, name="home"),
    path("medicines/", medicines.medicine_list, name="medicine_list"),
    path("medicines/<slug:slug>/", medicines.medicine, name="medicine"),
    path("medicines/<slug:slug>/one-page/", medicines.one_page, name="one_page"),
    path("medicines/<slug:slug>/mixing/", medicines.mixing, name="mixing"),
    path("medicines/<slug:slug>.json", medicines.medicine_json, name="medicine_json"),
    path("search/", search.search, name="search"),
    path("search/suggest", search.suggest, name="search_suggest"),
    path("interactions/", interactions.interactions, name="interactions"),
    path("help-now/", pages.text_page, {"template": "pages/help_now.html"}, name="help_now"),
    path("about/", pages.text_page, {"template": "pages/about.html"}, name="about"),
    path("privacy/", pages.text_page, {"template": "pages/privacy.html"}, name="privacy"),
    path("accessibility/", pages.text_page, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("how-we-write/", pages.text_page, {"template": "pages/how_we_write.html"}, name="how_we_write"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("opensearch.xml", pages.opensearch, name="opensearch"),
    path("site.webmanifest", pages.manifest, name="manifest"),
    path("healthz", pages.healthz, name="healthz"),
]

if settings.DEBUG:
    from .views import gallery

    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))
