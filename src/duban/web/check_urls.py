"""Addresses of bringing a document in and checking it before it is published."""

from django.urls import path

from duban.web.views import check

urlpatterns = [
    path("import/", check.imports, name="import"),
    path("import/<int:draft>/", check.screen, name="import-check"),
    path("import/<int:draft>/map/", check.columns, name="import-map"),
    path("import/<int:draft>/publish/", check.publish, name="import-publish"),
    path("import/<int:draft>/discard/", check.discard, name="import-discard"),
]
