"""Addresses of the overview, the city leader's page and the search."""

from django.urls import path

from duban.web.views import overview

urlpatterns = [
    path("l/<slug:list_key>/overview/", overview.overview, name="overview"),
    path("l/<slug:list_key>/leader/", overview.leader, name="overview-leader"),
    path("l/<slug:list_key>/search/", overview.find, name="overview-search"),
]
