"""Addresses of 人员与账号."""

from django.urls import path

from duban.web.views import people, session

urlpatterns = [
    path("second-factor/", session.second_factor, name="second-factor"),
    path("people/", people.page, name="people"),
    path("people/u/<int:number>/", people.unit, name="people-unit"),
    path("people/accounts/", people.accounts, name="people-accounts"),
    path("people/reset/", people.reset, name="people-reset"),
    path("people/roster.xlsx", people.roster_out, name="people-roster"),
    path("people/register.xlsx", people.register_out, name="people-register"),
    path("people/roster/", people.roster_in, name="people-roster-in"),
    path("people/register/", people.register_in, name="people-register-in"),
    path("people/rename/", people.rename, name="people-rename"),
    path("people/merge/", people.merge, name="people-merge"),
]
