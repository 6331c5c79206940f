"""Addresses of 核对稿: one page for the office and the units, its acts, and the sheets for print."""

from django.urls import path

from duban.web.views import consultation

BASE = "l/<slug:list_key>/p/<slug:period_key>/consultation/"

urlpatterns = [
    path(BASE, consultation.page, name="consultation"),
    path(f"{BASE}open/", consultation.opening, name="consultation-open"),
    path(f"{BASE}print/", consultation.sheets, name="consultation-print"),
    path(f"{BASE}<int:row>/object/", consultation.objection, name="consultation-object"),
    path(f"{BASE}<int:row>/answer/", consultation.answer, name="consultation-answer"),
]
