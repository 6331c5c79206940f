"""Addresses of the pages. Nothing is open without sign-in but sign-in itself and the two health checks."""

from django.urls import include, path

from duban.web.views import directory, health, help, log, purge, register, session  # noqa: A004 (the help page)

urlpatterns = [
    path("", register.home, name="home"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("post/", session.choose_post, name="choose-post"),
    path("language/", session.choose_language, name="choose-language"),
    path("password/", session.password, name="password"),
    path("lists/", register.lists, name="lists"),
    path("l/<slug:list_key>/", register.task_list, name="register"),
    path("l/<slug:list_key>/export.xlsx", register.export, name="register-export"),
    path("l/<slug:list_key>/t/<slug:task_key>/", register.task, name="register-task"),
    path("t/<int:year>/<str:number>/", register.by_number, name="register-by-number"),
    path("units/", directory.units, name="units"),
    path("log/", log.envelopes, name="log"),
    path("purge/", purge.page, name="purge"),
    path("help/", help.page, name="help"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("duban.web.office_urls")),
    path("", include("duban.web.unit_urls")),
    path("", include("duban.web.people_urls")),
    path("", include("duban.web.refinement_urls")),
    path("", include("duban.web.paper_urls")),
    path("", include("duban.web.overview_urls")),
    path("", include("duban.web.consultation_urls")),
    path("", include("duban.web.check_urls")),
]
