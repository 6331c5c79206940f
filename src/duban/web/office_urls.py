"""Addresses of the supervision office: 交办, 签收, 报送期次, 审核 and 核定."""

from django.urls import path

from duban.web.views import determination, issue, periods, review, unit_files

urlpatterns = [
    path("l/<slug:list_key>/issue/", issue.issue, name="issue"),
    path("l/<slug:list_key>/issue/prepare/", issue.prepare, name="issue-prepare"),
    path("l/<slug:list_key>/issue/send/", issue.send, name="issue-send"),
    path("l/<slug:list_key>/issue/paste/", issue.paste, name="issue-paste"),
    path("l/<slug:list_key>/receipts/", issue.receipts, name="receipts"),
    path("l/<slug:list_key>/receipts/sign/", issue.sign, name="receipts-sign"),
    path("l/<slug:list_key>/coverage/", issue.coverage, name="coverage"),
    path("l/<slug:list_key>/periods/", periods.periods, name="periods"),
    path("l/<slug:list_key>/p/<slug:period_key>/", periods.period, name="period"),
    path("l/<slug:list_key>/p/<slug:period_key>/move/", periods.move, name="period-move"),
    path("l/<slug:list_key>/p/<slug:period_key>/contact/", periods.contact, name="period-contact"),
    path("l/<slug:list_key>/p/<slug:period_key>/urging/", periods.urging, name="period-urging"),
    path("l/<slug:list_key>/p/<slug:period_key>/sheets.zip", unit_files.owing_out, name="period-workbooks"),
    path("l/<slug:list_key>/p/<slug:period_key>/review/", review.reports, name="review"),
    path(
        "l/<slug:list_key>/p/<slug:period_key>/determine/", determination.determination, name="determination"
    ),
    path("l/<slug:list_key>/p/<slug:period_key>/patrol/", determination.judging, name="determination-patrol"),
]
