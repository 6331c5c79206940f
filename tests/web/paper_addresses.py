"""The addresses of the site with those of papers, orders, problems and letters."""

from django.urls import include, path

urlpatterns = [path("", include("duban.web.urls")), path("", include("duban.web.paper_urls"))]

handler404 = "duban.web.views.faults.not_found"
handler500 = "duban.web.views.faults.broken"
