"""All addresses of the site."""

from django.urls import include, path

urlpatterns = [path("", include("duban.web.urls"))]

handler400 = "duban.web.views.faults.bad_request"
handler404 = "duban.web.views.faults.not_found"
handler500 = "duban.web.views.faults.broken"
