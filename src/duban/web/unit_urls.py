"""Addresses of a unit's work: 待办, its page, its plan, its report sheets, out and in."""

from django.urls import path

from duban.web.views import sheets, todo, unit_files, units_work

urlpatterns = [
    path("todo/", todo.page, name="todo"),
    path("todo/go/", todo.go, name="todo-go"),
    path("l/<slug:list_key>/u/<int:number>/", units_work.unit, name="unit-page"),
    path("l/<slug:list_key>/u/<int:number>/tasks.docx", units_work.tasks_paper, name="unit-tasks"),
    path("l/<slug:list_key>/u/<int:number>/receipt/", units_work.receipt, name="unit-receipt"),
    path("l/<slug:list_key>/u/<int:number>/orders/<int:order_id>/", units_work.order, name="unit-order"),
    path("l/<slug:list_key>/u/<int:number>/items/<int:item_id>/", units_work.item, name="unit-item"),
    path("l/<slug:list_key>/u/<int:number>/parts/<int:part_id>/", units_work.part, name="unit-part"),
    path("l/<slug:list_key>/plan/<int:number>/", sheets.plan, name="plan-sheet"),
    path("l/<slug:list_key>/plan/<int:number>/sheet.xlsx", unit_files.plan_out, name="plan-workbook"),
    path("l/<slug:list_key>/plan/<int:number>/merge/", unit_files.plan_in, name="plan-merge"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/", sheets.report, name="unit-sheet"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/sheet.xlsx", unit_files.report_out, name="unit-workbook"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/merge/", unit_files.report_in, name="unit-merge"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/report.docx", sheets.form_paper, name="unit-form"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/sign-off.docx", sheets.slip, name="unit-slip"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/sign/", sheets.sign, name="unit-sign"),
    path("l/<slug:list_key>/p/<slug:period_key>/u/<int:number>/scan/<int:signature>/", sheets.scan, name="unit-scan"),
]  # fmt: skip
