from django.urls import include, path

urlpatterns = [path("", include("duban.web.urls")), path("", include("duban.web.overview_urls"))]
